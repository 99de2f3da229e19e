"""Common given names that nearly always tell a gender, in lower case."""

from __future__ import annotations

from avowal.inference.name_words import words

MALE_GIVEN_NAMES = words(
    """
    = MALE_GIVEN_NAMES __future__ annotations from frozenset( import
    """
)
FEMALE_GIVEN_NAMES = words(
    """
    abigail ada adriana agnes aisha alexandra alice alicia alison allison amanda amber amelia
    amy ana anastasia angela angelina anita ann anna annabel anne annette antonia astrid audrey
    aurelia barbara beatrice becky belinda bernadette beth betsy betty beverly bianca birgit
    bonnie brenda bridget brigitte camila camilla carla carly carmen carol carole caroline
    carolyn carrie catherine cathy cecilia celia charlotte chelsea cheryl christina christine
    cindy claire clara claudia colleen connie constance corazon cristina cynthia daisy daniela
    danielle dawn debbie deborah denise diana diane dilma donna dora doris dorothy edith eileen
    elaine eleanor elena elisabeth elizabeth ella ellen elsa emily emma erica erika erin esther
    ethel eugenia eva evelyn fatima fatma felicity fiona florence frances gabriela gail
    geraldine gina giorgia gisela gladys gloria grace greta gretchen gwen hala hanna hannah
    harriet heather hedwig heidi helen helena helga hilary hillary ilse imelda indira inga
    ingrid irene irina iris isabel isabella ivanka jacqueline jane janet janice jeanne jennifer
    jenny jessica jill joan joanna joanne jodie jolanta josephine joyce judith judy julia julie
    juliet kamala karen karin kate katharine katherine kathleen kathryn kathy katie katya kayla
    kersti kimberly kirsten kristen kristin kristina laila latifa laura lauren layla leah leila
    lena leslie lidia liliana lillian linda lisa liz loretta lorraine louise lucia lucy ludmila
    lydia lynn madeleine maggie margaret margarita maria marian marianne marie marilyn marina
    marion marjorie marlene martha mary matilda maureen megan melania melanie melinda melissa
    mercedes mette michelle mila mildred miriam molly mona monica monika nadia nancy naomi
    natalia natalie natasha nicole nikki nina noor nora norma oksana olga olivia ophelia pamela
    patricia paula paulina pauline penelope penny petra phyllis polly priscilla priya rachel
    rebecca regina renata renee rhonda rita roberta rosa rosalind rosemary ruth sabrina sally
    samantha sandra sara sarah sharon sheila shirley silvia simone sofia sonia sophia sophie
    stella stephanie sue susan susanna susanne suzanne svetlana sylvia ségolène tamara tammy
    tanya tara tarja tatiana teresa theodora theresa tina tracey ursula valerie vanessa vera
    veronica victoria vigdís viktoria violet virginia wendy wilma winifred yasmin yolanda yulia
    yvette yvonne zainab zoe
    """
)
