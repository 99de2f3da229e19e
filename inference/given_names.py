"""Common given names that nearly always tell a gender, in lower case."""

from __future__ import annotations

from avowal.inference.name_words import words

MALE_GIVEN_NAMES = words(
    """
    aaron abdul abdullah abdulrahman abel abraham abram achim adam adolf adrian ahmad ahmed alan
    albert alberto aldo alec alejandro aleksandar aleksander alessandro alex alexander alexandre
    alexei alexey alfonso alfred alfredo ali alistair allan allen alonso alvaro alvin ambrose
    amir amit anatoly anders andreas andrei andrej andres andrew andrey andrzej andré andy angus
    anthony antoine anton antonio antónio archibald aristide arjun armando arnaud arnold artem
    arthur artur arturo arvind ashraf asif augustin augusto axel barack barry bart bartholomew
    bashar basil ben benedict benito benjamin bernard bernardo bernd bert bertrand bill billy
    björn bob bobby boris brad bradley brendan brent brett brian bruce bruno bryan burkhard
    caleb callum calvin carl carlo carlos carsten casper cedric cesar charles charlie chester
    chris christian christoph christophe christopher chuck claudio claus clayton clement clive
    clyde colin conrad constantin cornelius craig cristiano curtis cyril cyrus césar damian
    damien daniel daniele danny darius dariusz darrell darren darryl dave david davide denis
    dennis denys derek derrick desmond didier diego dieter dietrich dimitri dimitris dirk dmitri
    dmitry dominic dominik donald doug douglas duncan dustin dwayne dwight eamon eddie edgar
    edmund edouard eduardo edward edwin efraim egon eli elias elijah elliot elliott elmer elon
    elvis emanuel emil emiliano emilio emmanuel emmett enrico enrique enzo eoin eric erich erik
    erling ernest ernesto ernst errol erwin ethan etienne eugene evan ezekiel ezra fabian fabio
    fabrice faisal farid federico felipe felix ferdinand fergus fernando fidel filip filippo
    finn florian floyd francesco francis francisco franco frank frankie franz françois fred
    frederic frederick frederik fredrik friedrich fritz gareth garry gary gavin geert geoff
    geoffrey georg george georges georgi gerald gerard gerardo gerhard gerry gianni gilbert
    gilles giorgos giovanni giulio giuseppe glenn gonzalo gordon graeme graham greg gregor
    gregory grigory guido guillaume guillermo gunnar gustav gustavo günter günther hamid hamza
    hank hans harald harold harry hartmut harvey hasan hassan hector heinrich heinz helmut henri
    henrik henrique henry herbert herman hermann hideo hiroshi horace horst howard hubert hugh
    hugo humphrey hussein ian ibrahim ignacio igor ilya imran isaac isaiah ismail istvan ivan
    ivo jack jacob jacques jaime jake jakob jakub james jared jason javier jean-claude jean-luc
    jean-pierre jed jeff jeffrey jens jeremy jerome jerry jerzy jesse jim jimmy joachim joaquin
    joaquín joe joel joerg johan johann johannes john johnny jon jonas jonathan jordi jorge
    jorma josef joseph josh joshua josip josé jozef joão juan julian julien julio justin jörg
    jürgen karl karol kaspar keir keith ken kenneth kenny kevin khaled khalid klaus knut konrad
    konstantin konstantinos kurt kwame kyle lachlan lajos lars laurent lawrence lech leif leo
    leon leonard leonardo leonid leopold leroy leszek lewis liam lionel lloyd lorenzo lorne
    lothar louis luca lucas lucian lucien ludwig luigi luis luiz lukas lukasz luke magnus
    mahmoud malcolm manfred manuel marc marcel marcelo marco marcos marcus marek mariano marin
    mario marius mark marko markus martin marty martín marvin massimo mats matt matteo matthew
    matthias matthieu maurice mauricio mauro max maximilian mehmet melvin michael michał michel
    mick miguel mikael mike mikhail miles milo milos miloš milton miroslav mitch mohamed
    mohammad mohammed moritz moses muhammad murat mustafa nabil nathan nathaniel naveen neal ned
    neil nicholas nick nicolai nicolas nicolás nigel nikita nikola nikolai nikolaj nikolaus
    nikos nils noah noam norbert norman octavio olaf ole oleg oleksandr oleksiy oliver olivier
    olof omar orville osama oscar oskar oswald otto owen pablo paddy paolo pascal patrice
    patricio patrick paul paulo pavel pavlo pedro percy perry pete peter petr petros petter phil
    philip philipp philippe phillip pierre pieter pietro piotr quentin rafael rafał rainer raj
    rajesh ralf ralph ramon ramzan ramón randall randolph randy raphael rashid raul ravi raymond
    raúl recep reinhard reinhold rené reuben reza ricardo riccardo richard rick ricky rishi
    robert roberto roderick rodney rodrigo roger roland rolf roman romano ron ronald ronnie rory
    ross roy ruben rudolf rudy rupert russell ryan salman salvatore sam samir samuel sander
    sanjay saul scott seamus sean sebastian sebastião sergei sergej sergey sergio seth seymour
    shane shaun sheldon siegfried sigmund silvio simon slobodan spencer stan stanislav stanislaw
    stanley stavros stefan stefano stephan stephen steve steven stewart stuart svein sven
    sylvester sándor sören søren tadeusz tariq ted terence terrence theo theodor theodore
    thierry thomas thorsten tiago tibor tim timo timothy tobias toby todd tom tomas tomasz tommy
    tomás tony torsten travis trevor tristan tyler uli ulrich umberto uwe vaclav valentin valery
    vasily vernon victor viktor vincent vincenzo vinod vitali vitaly vittorio vlad vladimir
    volker volodymyr vyacheslav václav waldemar wallace walter walther warren wayne wendell
    werner wesley wilbur wilfried wilhelm willem william willy winston wojciech wolfgang woodrow
    xavier yahya yannick yaser yasser yiannis yoram yosef youssef yuri yusuf yves zachary
    zbigniew zdenek zoltan zoltán zoran
    """
)
FEMALE_GIVEN_NAMES = words(
    """
    abigail ada adele adriana agnes aileen aino aisha alba aleksandra alexandra alice alicia
    alina alison aliyah allison alma amal amanda amber amelia amina amira amparo amy ana
    anastasia angela angelina anika anita anja anke ann anna annabel anne anneliese annette
    annika antje antonella antonia ariana ariane arlene asma astrid audrey aurelia ava aya
    ayesha babette barbara barbro beatrice becky belinda bella benazir berit bernadette bernice
    bertha bess beth betsy betty beverly bianca birgit blanche bodil bonnie bozena brenda
    bridget brigitte britta caitlin camila camilla candice carla carly carmen carole caroline
    carolyn carrie caterina catherine cathy cecile cecilia celia chantal charlotte chelsea
    cheryl chiara chloe christa christiane christina christine cindy claire clara clarissa
    claudia claudine clotilde colleen connie constance cora corazon cordelia cornelia cristiana
    cristina cynthia céline dagmar daisy daniela danielle daphne debbie deborah deirdre delia
    delphine denisa denise desiree diana diane dilma dominika donna dora doris dorothea dorothy
    dorothée dragana edith edna edwina eileen ekaterina elaine eleanor elena elisa elisabeth
    elise elizabeth elke ella ellen elsa elvira emilia emilie emily emine emma erica erika erin
    erna ernestine estelle esther ethel etta eugenia eunice euphemia eva eve evelyn fabienne
    farah fatima fatma fatou federica felicity fernanda fiona fiorella florence frances
    francesca francine françoise frederica frida gabriela gail galina genevieve georgina
    geraldine gerda gertrude ghislaine gina giorgia giovanna gisela giulia gladys gloria grace
    greta gretchen gudrun gunilla gwen gwendolyn hala halima hanna hannah harriet hatice hazel
    heather hedda hedwig heidi helen helena helga henrietta hermione hilary hildegard hillary
    hélène ida ilse imelda indira ines inga ingeborg ingrid ingvild inès irene irina iris irma
    isabel isabella isabelle ivana ivanka ivy jacinda jacqueline jana jane janet janice jasmine
    jeanne jeannette jelena jennifer jenny jessica jill jillian joan joana joanna joanne jocelyn
    jodie johanna jolanta jolene josefina josephine joyce juana judit judith judy julia juliana
    julie juliet julieta juliette jutta kamala karen karin karina karla karoline kasia katarina
    katarzyna kate katerina katharine katherine kathleen kathryn kathy katie katja katya kayla
    kersti kerstin khadija kimberly kirsten kirsty klara konstantina kristen kristin kristina
    laila lara larissa latifa latoya laura lauren layla leah leila lena leonora leslie leticia
    lidia liesel liisa liliana lillian lina linda linnea lisa liselotte liz lola loretta
    lorraine lotte louise lucia lucy ludmila luisa luise lydia lynn lyudmila mabel madelaine
    madeleine magda magdalena maggie mai maja malala malgorzata manon manuela mara mareike
    margaret margarita margaux margot margrethe maria mariam marian mariana marianne marie
    mariella marielle marilyn marina marion marisa marissa marit maritza marjorie marlene marta
    martha martina martine mary maryam mathilde matilda maud maureen maya małgorzata meera megan
    melania melanie melinda melissa mercedes meryl mette mia michelle mila mildred miranda
    mireille miriam mirjam molly mona monica monika muriel myriam myrna nadezhda nadia nadine
    najat nancy naomi natalia natalie natalija natasha nelly nettie niamh nicole nicoletta
    nigella nikki nina noor nora norma nuria oda odette oksana olena olga olivia ophelia oriana
    paloma pamela paola patricia patrizia paula pauliina paulina pauline penelope penny petra
    phyllis pia pilar polina polly priscilla priya rachel raisa raquel rebecca rebekah regina
    renata renate renee rhoda rhonda rita roberta roisin rosa rosalie rosalind rosalyn rosanna
    rosemary roxana roxanne roya ruby rut ruth ruzena sabrina sadie safia saira sally samantha
    sandra sara sarah saskia selma shabana shakira sharon sheila sheryl shireen shirley sian
    sibylle signe sigrid silvia simona simone sinead siobhan sofia solveig sonia sophia sophie
    stella stephanie sue sunita susan susana susanna susanne suzanne svenja svetlana sybil
    sylvia ségolène tabitha tamara tammy tanya tara tarja tatiana tatjana teresa thelma theodora
    theresa therese theresia tilda tina tonya tracey trudy tuula ulla ulrike una ursula uschi
    valentina valentyna valeria valerie vanessa vera veronica vesna victoria vigdís viktoria
    vilma violet virginia vivian viviane vivienne waltraud wanda wendy wilhelmina wilma winifred
    xenia yael yasmin yasmina yekaterina yelena ylva yoko yolanda yulia yuliya yvette yvonne
    zainab zara zehra zeinab zoe zofia zsuzsa zuzana
    """
)
