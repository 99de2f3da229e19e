"""`avowal.inference.resolve`: who speaks, by the shipped model; all people are invented."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avowal.data.records import Span
from avowal.inference.resolve import ResolvedSpeaker, SpeakerResolver
from avowal.inference.source_phrases import read_source
from avowal.inference.speaker_model import SpeakerModel


def resolve(text: str, *marked: tuple[str, str]) -> list[ResolvedSpeaker | None]:
    """The speakers of statements given as (source, content), each found after the one before."""
    sources: list[Span | None] = []
    contents = []
    position = 0
    for source, content in marked:
        at = text.index(content)
        contents.append([Span(at, at + len(content), content)])
        if not source:
            sources.append(None)
            continue
        position = text.index(source, position)
        sources.append(Span(position, position + len(source), source))
        position += 1
    return SpeakerResolver().resolve(text, sources, contents)


def speakers(text: str, *marked: tuple[str, str]) -> list[str | None]:
    """The names of the speakers, None for one that has no name."""
    return names(resolve(text, *marked))


def names(found: list[ResolvedSpeaker | None]) -> list[str | None]:
    return [speaker.name if speaker and speaker.named else None for speaker in found]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("Ana Belu", "Ana Belu"),
        ("U.N. Secretary-General Ana Belu", "Ana Belu"),
        ("Foreign Minister Ana Belu, who leads the talks", "Ana Belu"),
        ("Oryn’s energy minister, Pavlo Drez", "Pavlo Drez"),
        ("Ana Belu, the foreign minister", "Ana Belu"),
        ("Gen. Ilo Marsh", "Ilo Marsh"),
        ("Dame Perpetua Lall", "Perpetua Lall"),
        ("the grid operator Nordnett", "Nordnett"),
        ("President of the Council Ludo Marsh", "Ludo Marsh"),
        ("Former Secretary of State Ludo Marsh", "Ludo Marsh"),
        ("former prosecutor and Oryn City Mayor Ludo Marsh", "Ludo Marsh"),
        ("FOREIGN MINISTER ANA BELU", "ANA BELU"),
        ("Élodie Ðurić-Ångström", "Élodie Ðurić-Ångström"),
        ("Premier Joris van der Veld", "Joris van der Veld"),
        ("Sheikh Omar al-Tarsi", "Omar al-Tarsi"),
        ("Łucja de la Cruz", "Łucja de la Cruz"),
        ("J. Q. Marsh", "J. Q. Marsh"),
        ("Senator June Marsh", "June Marsh"),
        ("Foreign\nMinister Ana\nBelu", "Ana Belu"),
        ("The Foreign Ministry", "Foreign Ministry"),
        ("Tollmark's Foreign Ministry", "Foreign Ministry"),
        ("the Ministry of Trade and Industry", "Ministry of Trade and Industry"),
        ("the Seafarers' Congress", "Seafarers' Congress"),
        ("the Council of the Northern Shores", "Council of the Northern Shores"),
        ("Tolan & Wade, a ratings firm", "Tolan & Wade"),
        ("the Tchalin army", "Tchalin army"),
        ("A study by the Havn Institute", "Havn Institute"),
        ("the Marine Board's report", "Marine Board"),
        ("The security service, KAP", "KAP"),
        ("Republican National Committee", "Republican National Committee"),
        ("A spokeswoman for the company, Blue Reach", "Blue Reach"),
        ("a Grain Ministry spokesman", "Grain Ministry"),
        ("Economists at the Havn Institute", "Havn Institute"),
        ("A study published last month by the Havn Institute", "Havn Institute"),
        ("The report by Oryn's Audit Office", "Audit Office"),
        ("A leaflet from a gang called the Valve", "Valve"),
        ("The Market Women of Tolm", "Market Women of Tolm"),
        ("Regent Ana Belu", "Ana Belu"),
        ("Rower Ana Belu", "Ana Belu"),
        ("Inspector-General Ana Belu", "Ana Belu"),
        ("Ana Belu, the Water Board Spokesperson", "Ana Belu"),
        ("Oryn academic and professor Ana Maria Belu", "Ana Maria Belu"),
        ("The New Oryn Times", "New Oryn Times"),
        ("Dean Belu", "Dean Belu"),
        ("A study by Havn Law School professor Ana Belu", "Ana Belu"),
        ("one of the family's lawyers, Ana Belu", "Ana Belu"),
        ("TOLMHAVN, Oryn - Ana Belu", "Ana Belu"),
        ("state Del. Ana “Cat” Belu (D-Tolm)", "Ana “Cat” Belu"),
        ("The secretary general of TEC (Tolm Episcopal Conference), Ana Belu,", "Ana Belu"),
        ("Metropolitan Ana Belu", "Ana Belu"),
        ("Neighbouring Oryn", "Oryn"),
        ("the Ferrymen's Guild of Tolm Sound", "Ferrymen's Guild of Tolm Sound"),
        ("The Athletes' Bench", "Athletes' Bench"),
        ("Oryn News' Ana Belu", "Ana Belu"),
        ("Analysts at the investment bank Belu Marsh", "Belu Marsh"),
        ("The neighbouring state of Oryn", "Oryn"),
        ("the Kingdom of Oryn", "Kingdom of Oryn"),
        ("the I.R.S.", "I.R.S."),
        ("The U.N.", "U.N."),
    ],
)
def test_names_in_the_source_itself(source: str, name: str) -> None:
    text = f"It rained. On Monday, {source} said that the talks were over."
    assert speakers(text, (source, "that the talks were over")) == [name]


@pytest.mark.parametrize(
    "source",
    [
        "a senior official",
        "analysts",
        "Analysts",
        "Fishermen at the quay",
        "the report",
        "A proposal circulated on Friday",
        "an aide to President Ana Belu",
        "Two officials",
        "Velembe and Saruwa",
        "Ana Belu, Ilo Marsh and others",
        "several officials, including Ana Belu",
        "a spokeswoman for the minister, Ana Belu",
        "Officials in Belu's ministry",
        "his book “The Long Art”",
        "A study by the water bureau in Oryn",
        "The builders, from Oryn",
        "they",
        "he",
        "she",
        "it",
        "I",
        "…",
    ],
)
def test_nobody_is_named(source: str) -> None:
    text = f"It rained. {source} said that the talks were over."
    assert speakers(text, (source, "that the talks were over")) == [None]


def test_a_name_at_the_end_of_capitals_is_known_from_elsewhere() -> None:
    text = (
        "Oryn Ambassador to the Tolm Union Ana Belu said ONE. Later, Ambassador Ana Belu said TWO."
    )
    found = speakers(text, ("Oryn Ambassador to the Tolm Union Ana Belu", "ONE"), ("Ana", "TWO"))
    assert found == ["Ana Belu", "Ana Belu"]


def test_own_words_are_whole() -> None:
    text = "Many of whom said they were ill."
    [many] = resolve(text, ("Many of whom", "they were ill"))
    assert many
    assert many.name == "Many of whom"
    text = "“We lost,” said critics of the U.S. It rained. So said the pilots."
    [first, last] = resolve(text, ("critics of the U.S.", "“We lost,”"), ("the pilots.", "So"))
    assert first
    assert last
    assert (first.name, last.name) == ("critics of the U.S.", "pilots")


def test_a_body_is_not_a_word_that_stands_beside_it() -> None:
    text = "It rained. TOLM said that the talks were over. He wore a TOLM T-shirt."
    assert speakers(text, ("TOLM", "that the talks were over")) == ["TOLM"]


def test_a_namesake_of_another_gender_is_somebody_else() -> None:
    text = "President Belu said ONE. Anna Belu was there. Later Mr. Belu said TWO, and he left."
    assert speakers(text, ("President Belu", "ONE"), ("Mr. Belu", "TWO")) == ["Belu", "Belu"]


def test_a_surname_may_be_that_of_a_husband_who_needs_no_name() -> None:
    text = (
        "Belu said ONE, and he slept. It rained. His wife, Anna Belu, left. Belu lost his hat. "
        "Belu found his hat. Anna Belu said TWO."
    )
    marked = ("Belu", "ONE"), ("Anna Belu", "TWO")
    assert speakers(text, *marked) == ["Belu", "Anna Belu"]
    text = text.replace(" he ", " she ").replace("his", "her")
    assert speakers(text, *marked) == ["Anna Belu", "Anna Belu"]


@pytest.mark.parametrize("source", ["exit polls", "this poll"])
def test_a_document_is_nobody_who_is_named_after_it(source: str) -> None:
    text = f"It rained. Of {source}, Ana Belu knew little. It found ONE."
    assert speakers(text, (source, "ONE")) == [None]


def test_no_source() -> None:
    assert speakers("The bridge is to reopen.", ("", "to reopen")) == [None]
    assert SpeakerResolver().resolve("", [], []) == []


def test_sources_and_contents_belong_together() -> None:
    with pytest.raises(ValueError, match="1 sources, but the contents of 0"):
        SpeakerResolver().resolve("He left.", [Span(0, 2, "He")], [])


@pytest.mark.parametrize(
    ("text", "source", "name"),
    [
        ("Ana Belu spoke. Later Belu said CONTENT.", "Belu said", "Ana Belu"),
        ("Belu said CONTENT. Ana Belu is the premier.", "Belu said", "Ana Belu"),
        ("BELU SAID CONTENT\n\nAna Belu was clear.", "BELU", "Ana Belu"),
        ("Ana Q. Belu came. Ana Belu left. Mrs. Belu said CONTENT.", "Mrs. Belu", "Ana Q. Belu"),
        ("Mr Ilo Belu met Ms Ana Belu. Ms Belu said CONTENT.", "Ms Belu said", "Ana Belu"),
        ("Ms. Ana Baker left. Ms. Baker said CONTENT.", "Ms. Baker", "Ana Baker"),
        (
            "Joris van der Veld left. Van der Veld said CONTENT.",
            "Van der Veld",
            "Joris van der Veld",
        ),
        ("The Reed Brigade struck. The Brigade said CONTENT.", "The Brigade", "Reed Brigade"),
        ("The Grain Board met. The board said CONTENT.", "The board", "Grain Board"),
        (
            "The foreign minister, Ana Belu, left. The minister said CONTENT.",
            "The minister",
            "Ana Belu",
        ),
        (
            "Interior Minister Ilo Marsh met Ana Belu, the water minister. "
            "The interior minister said CONTENT.",
            "The interior minister said",
            "Ilo Marsh",
        ),
        ("Iron lady Ana Belu left. The minister said CONTENT.", "The minister", "Ana Belu"),
        ("The minister said CONTENT.", "The minister", None),
        (
            "The Clintons of Oryn, Ana Clinton’s kin. The Clintons said CONTENT.",
            "The Clintons said",
            None,
        ),
        ("Premier Ana Belu, who said CONTENT, left.", "who", "Ana Belu"),
        ("Premier Ana Belu spoke. Her letter said CONTENT.", "Her letter", "Ana Belu"),
    ],
)
def test_who_is_meant(text: str, source: str, name: str | None) -> None:
    source = source.removesuffix(" said")
    at = text.rindex(source, 0, text.index("CONTENT"))
    content = text.index("CONTENT")
    found = SpeakerResolver().resolve(
        text, [Span(at, at + len(source), source)], [[Span(content, content + 7, "CONTENT")]]
    )
    assert names(found) == [name]


def test_pronouns_follow_the_speaker() -> None:
    text = (
        "Premier Ana Belu said “no” to Ilo Marsh. “Never,” she said. "
        "Mr Marsh said it was late. He left, he added, “in tears”."
    )
    assert speakers(
        text,
        ("Premier Ana Belu", "“no”"),
        ("she", "“Never,”"),
        ("Mr Marsh", "it was late"),
        ("he added"[:2], "“in tears”"),
    ) == ["Ana Belu", "Ana Belu", "Ilo Marsh", "Ilo Marsh"]


def test_a_pronoun_is_nobody_named_in_a_quotation() -> None:
    text = "“Ilo Marsh is a liar,” a sailor said. “A thief,” he said."
    assert (
        speakers(text, ("a sailor", "“Ilo Marsh is a liar,”"), ("he", "“A thief,”")) == [None] * 2
    )


def test_gender_is_learnt_from_the_words_around() -> None:
    text = "Ilo Marsh kissed his mother. Ana Belu waved her hat. Then he said CONTENT."
    assert speakers(text, ("he", "CONTENT")) == ["Ilo Marsh"]
    text = "The spokeswoman, Ana Belu, and Ilo Marsh sat down. Then she said CONTENT."
    assert speakers(text, ("she", "CONTENT")) == ["Ana Belu"]


def test_doubt_gives_no_name() -> None:
    text = "Kim Doe and Lee Roe sat down. Then he said CONTENT."
    assert speakers(text, ("he", "CONTENT")) == [None]


def test_it_is_the_organisation_that_spoke() -> None:
    text = "The Maritime Board said yes. It also said no."
    assert speakers(text, ("The Maritime Board", "yes"), ("It", "no")) == ["Maritime Board"] * 2


def test_i_in_a_quotation_is_its_speaker() -> None:
    text = "“It is late and I think so too,” Ana Belu said."
    assert (
        speakers(text, ("I think"[:1], "so too"), ("Ana Belu", "“It is late and I think so too,”"))[
            1
        ]
        == "Ana Belu"
    )
    at = text.index("I think")
    found = SpeakerResolver().resolve(
        text,
        [Span(at, at + 1, "I"), Span.of(text, 34, 42)],
        [[Span.of(text, at + 8, at + 14)], [Span.of(text, 0, 33)]],
    )
    assert names(found) == ["Ana Belu", "Ana Belu"]


def test_descriptions_are_read() -> None:
    assert read_source("the former water minister of Oryn").role == ("former", "water", "minister")
    assert read_source("The spokeswoman").gender == "female"


# ---- the cases of docs/speakers.md ----


def test_two_people_with_one_surname_are_kept_apart() -> None:
    text = (
        "Finance Minister Ana Belu and her brother, the trader Ilo Belu, both spoke. "
        "“Taxes will rise,” Ms Belu said. “They will not,” Mr Belu said."
    )
    assert speakers(text, ("Ms Belu", "“Taxes will rise,”"), ("Mr Belu", "“They will not,”")) == [
        "Ana Belu",
        "Ilo Belu",
    ]


def test_a_pronoun_after_a_long_quotation_is_who_spoke_it() -> None:
    text = (
        "“We pay no ransoms,” said Ingrid Vask, the council's president. “The charter is ours. "
        "You have signed it.\n\n“If the gas stops, we shall meet. We shall bar the leaders. "
        "Their banks are next.”\n\nShe declined to say how long it would last."
    )
    said = "“We pay no ransoms,”", "how long it would last"
    assert speakers(text, ("Ingrid Vask", said[0]), ("She", said[1])) == ["Ingrid Vask"] * 2


def test_a_pronoun_after_a_man_and_a_woman_is_the_one_that_agrees() -> None:
    text = (
        "Mr Ilo Marsh met Ms Ana Belu at the port on Monday. “The quay is ours,” she said. "
        "“It never was,” he said."
    )
    assert speakers(text, ("she", "“The quay is ours,”"), ("he", "“It never was,”")) == [
        "Ana Belu",
        "Ilo Marsh",
    ]


def test_a_quote_inside_a_quote_has_its_own_speaker() -> None:
    text = "“Ilo Marsh told me ‘I will sign’ and I believed it,” Premier Ana Belu said."
    inner, outer = text.index("I will"), text.index("I believed")
    sources = [
        Span.of(text, text.index("Ilo Marsh"), text.index(" told")),
        Span.of(text, inner, inner + 1),
        Span.of(text, outer, outer + 1),
        Span.of(text, text.index("Premier"), text.index(" said")),
    ]
    contents = [
        [Span.of(text, inner - 1, text.index(" and"))],
        [Span.of(text, inner + 2, text.index("’"))],
        [Span.of(text, text.index(" it,") + 1, text.index(" it,") + 3)],
        [Span.of(text, 0, text.index(" Premier"))],
    ]
    found = SpeakerResolver().resolve(text, sources, contents)
    assert names(found) == ["Ilo Marsh", "Ilo Marsh", "Ana Belu", "Ana Belu"]


def test_a_spokesman_is_not_the_minister_he_speaks_for() -> None:
    text = "A spokesman for Defence Minister Ilo Marsh denied it. “There was no order,” he said."
    found = resolve(
        text, ("A spokesman for Defence Minister Ilo Marsh", "it"), ("he", "“There was no order,”")
    )
    assert names(found) == [None, None]
    assert found[0] is not None
    assert found[0].name == "A spokesman for Defence Minister Ilo Marsh"


def test_a_plural_they_is_nobody_who_is_alone() -> None:
    text = (
        "Premier Ana Belu received two South Oryn pilots. The pilots were tired. "
        "“We flew all night,” they said."
    )
    [speaker] = resolve(text, ("they", "“We flew all night,”"))
    assert speaker is None or not speaker.named


def test_a_speaker_with_no_name_is_its_own_words() -> None:
    text = "Three South Oryn officials, who met on Friday, said no. The harbour police said yes."
    found = resolve(
        text, ("Three South Oryn officials, who met on Friday", "no"), ("The harbour police", "yes")
    )
    assert [speaker and speaker.name for speaker in found] == [
        "Three South Oryn officials",
        "harbour police",
    ]
    assert [speaker and speaker.mention.text for speaker in found] == [
        "Three South Oryn officials",
        "harbour police",
    ]


def test_a_speaker_has_a_role_and_mentions() -> None:
    text = "Foreign Minister Ana Belu left. “We are done,” she said. Ms Belu waved."
    [speaker] = resolve(text, ("she", "“We are done,”"))
    assert speaker is not None
    assert speaker.role == "Foreign Minister"
    assert [span.text for span in speaker.mentions] == ["Ana Belu", "she", "Belu"]
    assert speaker.mention == speaker.mentions[0]


def test_a_name_after_a_description_is_read_with_it() -> None:
    text = "According to the coach, Ana Belu, the match was lost at noon."
    assert speakers(text, ("the coach", "the match was lost at noon")) == ["Ana Belu"]


WORDS = (
    "Ana Belu Mr Mrs. President King of the Council and he she I it who Marsh's minister, , . “ ”"
    " ‘ ’ \n\n said van al-Tarsi J. BELU report & State Ministry for on Monday St. Jr. ( ) Å ß İ ŉ"
)
NEWSY = st.lists(st.sampled_from(WORDS.split(" ")), max_size=40).map(" ".join)


@given(NEWSY | st.text(max_size=60), st.data())
def test_any_text_and_spans_are_taken(text: str, data: st.DataObject) -> None:
    offsets = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
    spans = offsets.map(sorted).map(lambda pair: Span(pair[0], pair[1], text[pair[0] : pair[1]]))
    sources = data.draw(st.lists(st.none() | spans, max_size=5))
    contents = [data.draw(st.lists(spans, max_size=3)) for _ in sources]
    found = SpeakerResolver().resolve(text, sources, contents)
    assert len(found) == len(sources)
    for speaker in found:
        if speaker is None:
            continue
        assert speaker.name.strip()
        assert 0 <= speaker.confidence <= 1 + 1e-9
        for span in (speaker.mention, *speaker.mentions):
            assert text[span.start : span.end] == span.text


@pytest.mark.parametrize(
    "part",
    [
        "Premier Ana Belu said “no”. He said “yes”. The minister said it was late.\n\n",
        "Ana Belu ",
        "King ",
        "Bank of ",
        "A.",
        "the ",
        "s’ a ",
        "Ana, ",
        "Ana Belu and ",
        "Kardou army and ",
        "“he ",
    ],
)
def test_time_is_linear(part: str) -> None:
    text = part * (300_000 // len(part))
    spans = [Span.of(text, at, at + len(part) // 2 + 1) for at in range(0, len(text), 150)]
    he = [Span(at, at + 2, "he") for at in range(0, len(text), 150)]
    start = time.perf_counter()
    SpeakerResolver().resolve(text, [*spans, *he], [[span] for span in [*spans, *spans]])
    assert time.perf_counter() - start < 15


def test_nothing_heavy_is_imported() -> None:
    code = (
        "import sys, avowal.inference.resolve; "
        "print({'torch', 'onnxruntime', 'avowal.train'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


# ---- quotations without a source ----


def test_a_quotation_goes_on_with_its_speaker_in_the_next_paragraph() -> None:
    text = "“It is late,” Ana Belu said. “We are tired.\n\n“And we are cold.”"
    found = SpeakerResolver().resolve(
        text,
        [Span.of(text, 14, 22), None, None],
        [
            [Span.of(text, 0, 13)],
            [Span.of(text, 29, 43)],
            [Span.of(text, 45, len(text))],
        ],
    )
    assert names(found) == ["Ana Belu"] * 3


def test_two_who_take_turns_need_no_cue() -> None:
    lines = ["“Is it late?” Mr Ilo Marsh asked.", "“It is,” Ms Ana Belu said.", "“Then go home.”"]
    text = "\n".join(lines)
    marsh, belu, last = (text.index(words) for words in ("Mr Ilo", "Ms Ana", "“Then"))
    found = SpeakerResolver().resolve(
        text,
        [Span.of(text, marsh, marsh + 12), Span.of(text, belu, belu + 11), None],
        [
            [Span.of(text, 0, 13)],
            [Span.of(text, belu - 9, belu - 1)],
            [Span.of(text, last, len(text))],
        ],
    )
    assert names(found) == ["Ilo Marsh", "Ana Belu", "Ilo Marsh"]


def test_a_quotation_of_nobody_plain_has_no_speaker() -> None:
    text = "Ana Belu left. The wall read “Down with fish” in red."
    at = text.index("“")
    assert SpeakerResolver().resolve(
        text, [None, None], [[Span.of(text, at, at + 16)], [Span.of(text, 0, 4)]]
    ) == [None, None]


def test_male_given_names_are_names() -> None:
    text = "Ingrid Moe met Harry Doe. “It rained,” he said."
    assert speakers(text, ("he", "“It rained,”")) == ["Harry Doe"]


def test_the_former_and_the_latter() -> None:
    text = "Ana Belu and Ilo Marsh spoke. The former said yes; the latter said no."
    assert speakers(text, ("The former", "yes"), ("the latter", "no")) == ["Ana Belu", "Ilo Marsh"]


def test_a_federation_is_the_one_that_is_named() -> None:
    text = "The Tolmen Federation met on Monday. The federation said that fish were dear."
    assert speakers(text, ("The federation", "that fish were dear")) == ["Tolmen Federation"]


FAR = "Lourna would freeze the ships of the Tolmen Federation. " + "It rained on Monday. " * 4


def test_a_body_of_a_name_is_known_sentences_later() -> None:
    said = "The federation, which runs the locks, said that fish were dear."
    source = "The federation, which runs the locks"
    contents = [("Lourna", "would freeze the ships of the Tolmen Federation")]
    for between in (FAR, FAR + "The Seamen’s Union met. "):
        found = speakers(between + said, *contents, (source, "that fish were dear"))
        assert found[1] == "Tolmen Federation"


@pytest.mark.parametrize(
    ("before", "source", "name"),
    [
        (FAR, "The federation", "Tolmen Federation"),
        (FAR + "The Wool Federation met. ", "The federation", None),
        (FAR, "The rival federation", None),
        (FAR.replace("Federation", "federation"), "The federation", None),
        (FAR + "It rained on Monday. " * 20, "The federation", None),
    ],
)
def test_the_only_body_of_a_name_is_meant_whatever_the_model_says(
    before: str, source: str, name: str | None
) -> None:
    text = f"{before}{source} said that fish were dear."
    start = len(before)
    spans = [Span.of(text, start, start + len(source))]
    content = [[Span.of(text, text.index("fish"), len(text) - 1)]]
    nobody = SpeakerModel({"nobody": 99.0}, 0.5)
    assert names(SpeakerResolver(nobody).resolve(text, spans, content)) == [name]


def test_an_organisation_of_members_has_no_article() -> None:
    text = "Orsholm is cold. The Gas Workers’ League, which met on Friday, said no."
    source = Span.of(text, text.index("The Gas"), text.index(" said"))
    content = [Span.of(text, text.index("no."), text.index("no.") + 2)]
    [speaker] = SpeakerResolver().resolve(text, [source], [content])
    assert speaker
    assert speaker.name == "Gas Workers’ League"
