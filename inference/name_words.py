"""The word lists by which names, titles and descriptions are told apart: all in lower case."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset(text.split())


MALE_TITLES = words("mr sir lord king prince baron duke sheikh sultan father brother monsieur herr")
FEMALE_TITLES = words(
    "mrs ms miss madam dame lady queen princess baroness duchess sister mother mme mlle madame frau"
)
_HONORIFICS = words("dr prof professor rev hon messrs") | MALE_TITLES | FEMALE_TITLES
ABBREVIATED_TITLES = words(
    """
    gen maj col capt lt sgt cpl adm cmdr brig sen sens rep reps gov govs pres prof supt det insp
    amb atty rev hon
    """
)
# heads of a description of one person; a compound is known by its last word
ROLES = (
    _HONORIFICS
    | ABBREVIATED_TITLES
    | words(
        """
        academic activist actor actress admiral advisor adviser aide ambassador analyst anchor
        artist archbishop attaché attorney attorney-general author ayatollah backbencher baker
        banker bishop blogger boss boxer broker brigadier broadcaster builder businessman
        businesswoman campaigner candidate captain cardinal carpenter ceo cfo chair chairman
        chairperson chairwoman chancellor chief chief-of-staff citizen clerk co-author co-chair
        co-founder coach colonel columnist comedian commander commandant commentator
        commissioner commissioner-general commodore congressman congresswoman consul cook
        coordinator coroner correspondent councillor councilman councilwoman counsel counsellor
        constable count countess courtier critic curator customer dean defender delegate
        democrat deputy designer detective diplomat director director-general doctor doge driver
        economist editor editor-in-chief emir emperor empress engineer envoy executive
        ex-minister ex-president expert farmer firebrand fisherman fishmonger forecaster foreman
        founder forward general goalkeeper governess governor governor-general guard head
        headteacher historian host hydrographer inspector interpreter investigator investor
        journalist judge jurist justice keeper lawmaker lawyer leader lecturer legislator
        librarian lieutenant magistrate major manager marshal mayor mayoress mediator medic
        meteorologist midfielder minister minstrel moderator monarch mp mep msp nominee novelist
        nurse officer official operative organiser organizer owner painter parliamentarian
        partner pastor peer physician pilot pm player poet politician pollster pope postmaster
        premier president president-elect presenter priest primate principal producer professor
        prosecutor provost publisher rabbi rapporteur rebel receiver rector referee registrar
        reporter representative republican researcher resident retailer rival scholar scientist
        secretary secretary-general senator sergeant sheriff shopkeeper singer skipper solicitor
        soldier spokesman spokesperson spokeswoman speaker staffer statesman stationmaster
        strategist striker student superintendent supervisor surgeon surveyor taoiseach teacher
        technician tory trader trainer treasurer trustee tsar tycoon undersecretary
        under-secretary under-secretary-general vet veteran vice-chairman vice-president viceroy
        victim volunteer warden warlord whip witness worker writer winner widow widower wife
        husband son daughter founder-director negotiator vice-chancellor premier-designate
        first-minister contender frontrunner front-runner bruiser fox czar hopeful trawlerman
        dispatcher steward convenor convener harbourmaster harbormaster pensioner grandmother
        grandfather granny grandma grandad mum mom dad uncle aunt landlord landlady schoolboy
        schoolgirl postman policeman policewoman deckhand bosun fisher imam vicar abbot chaplain
        bishop-elect corporal private master chef comrade harbour-master youtuber influencer
        mogul star legend campaigner-general solicitor-general auditor auditor-general regent
        girlfriend boyfriend fiancé fiancée archdeacon deacon hotelier bidder highwayman
        metropolitan sponsor abbess go-between canon stationer prefect matron congregant auntie
        headmistress headmaster patriarch groundsman pharmacist newsreader prior prioress monk
        friar seaman miner rancher parishioner shepherd sayyid alhaji hajji datu datuk cikgu mma
        rre ntate ouma maulana mullah signor signora señor señora comptroller controller
        receptionist paramedic nurse-manager mechanic electrician ombudsman ombudswoman
        postwoman governor-elect mate merchant quartermaster coxswain
        """
    )
)
# heads that mean a person and are no role
PEOPLE = words(
    """
    accused ally applicant artiste bachelor boy bride brother bystander caller captive child chum
    colleague companion complainant cousin critic crooner daredevil defendant father fiancee
    friend gentleman girl grandchild granddaughter grandparent grandson guest heir hero heiress
    hostage inmate insider lad lady lodger lover mate member mother neighbor neighbour nephew
    newcomer niece opponent orphan outsider parent passenger passer-by patient person pilgrim
    predecessor prisoner relative rookie runner-up sibling sister source spouse stepfather
    stepmother stranger successor suspect teammate teen teenager tenant twin villager visitor
    voter youth youngster
    """
)
# heads of a title that are nobody's surname, as King and Baker are
OFFICES = words(
    """
    ambassador president minister spokesman spokeswoman spokesperson director secretary governor
    senator premier chairman chairwoman commissioner councillor lawmaker envoy prosecutor
    """
)
# titles that are also given names
GIVEN_TITLES = words("dean duke earl")
MALE_ROLES = MALE_TITLES | words(
    """
    spokesman chairman businessman congressman councilman fisherman foreman husband son
    statesman king emperor widower postman policeman grandfather grandad dad uncle schoolboy
    landlord trawlerman stationmaster boyfriend fiancé highwayman actor vice-chairman ombudsman
    """
)
FEMALE_ROLES = FEMALE_TITLES | words(
    """
    spokeswoman chairwoman businesswoman congresswoman councilwoman wife daughter actress
    empress widow policewoman grandmother granny grandma mum mom aunt schoolgirl landlady
    girlfriend fiancée governess mayoress ombudswoman postwoman
    """
)
# words that may stand in a title before its head, capitalised as it is
TITLE_MODIFIERS = words(
    """
    foreign prime deputy vice first second chief home state attorney acting former interim
    assistant senior junior defence defense finance interior trade transport energy justice
    health education agriculture fisheries environment labour labor culture commerce industry
    security economy development press executive managing general special permanent major
    """
)

ORGANISATIONS = words(
    """
    academy administration admiralty agency airline airlines airport alliance archive archives
    army assembly association authority bank battalion bbc bloc board bourse branch brigade
    broadcaster bureau cabinet campaign cathedral center centre chamber channel church circle
    club coalition coastguard collection collections college command commission committee company
    confederation conference congress consortium consulate corp corporation corps council court
    daily department desk directorate division embassy exchange executive federation fire-service
    firm fleet force forces forum foundation front fund gazette government group guard guild herald
    hospital house inc inquiry institute institution institutions investigators joint journal
    league legislature library lobby ltd magazine mail ministry mission monitor movement museum
    navy network news newspaper newsroom observatory observer office ombudsman operator
    organisation organization palace panel parliament partnership party patrol police post press
    programme prosecution radio railway railways regiment register registry regulator report
    reserve review school secretariat senate service services society squadron staff station sun
    syndicate taskforce television telegraph telegram theatre times treasury tribunal tribune
    trust tv union unit university watch watchdog weekly works yard gmbh plc llc llp sa ag co
    brothers holdings industries partners shipping capital lines line mutual motors bancorp
    """
)
# what a state or body may be called before "of"
OF_NAMES = words(
    """
    kingdom republic emirate sultanate commonwealth principality brotherhood sisterhood duchy sons
    daughters friends knights municipality diocese archdiocese
    """
)
# last words of a company's name, capitalised as it is
COMPANY_ENDINGS = words(
    """
    airways analytics biotech brewery brewing chemicals electronics energy enterprises
    entertainment films financial foods healthcare insurance international laboratories labs
    logistics media minerals mining oil petroleum pharma pharmaceuticals pictures
    productions records resources robotics securities software solutions studios systems
    technologies technology telecom textiles ventures
    """
)
# lower-case heads of an organisation named by its country or owner: "the Kardou army"
ORGANISATION_NOUNS = words(
    """
    administration admiralty agency airline alliance army assembly association authority bank
    battalion branch brigade bureau cabinet campaign church club coalition coastguard college
    commission committee company congress consulate council court daily department directorate
    federation firm fleet foundation front fund government group guild hospital institute league
    magazine lobby military militia ministry movement navy network newspaper organisation
    organization parliament party police presidency radio secretariat senate service society
    television treasury tribunal union university
    """
)
DOCUMENTS = words(
    """
    ad advertisement advisory affidavit analysis announcement answer appeal article assessment
    audit bill brief briefing bulletin charter circular column communiqué communique complaint
    data declaration decree dispatch document dossier draft editorial email e-mail figures
    filing findings forecast handout indictment judgment judgement lawsuit leaflet leaflets
    letter manifesto memo memorandum message minutes motion newsletter note notice paper
    petition poll post question posting poster press-release proposal reply report request
    resolution response review ruling speech statement statistics study submission summary survey
    text transcript tweet update verdict video warning words notes inquiry investigation account
    website
    """
)

INDEFINITE = words(
    """
    a an one some several many most few no any two three four five six seven eight nine ten
    dozens hundreds thousands much another both each every other others all nobody everyone
    everybody someone somebody anyone anybody none either neither enough more fewer half
    """
)
POSSESSIVES = words("his her its their our my your whose")
DETERMINERS = words("the this that these those such") | POSSESSIVES
PREPOSITIONS = words(
    """
    of for at in from by on with to among under near behind inside outside within across against
    about after before between around over into through along without like including as since
    during beside beyond despite versus
    """
)
PARTICLES = words(
    "de del della der den des di da do dos das du la le las los van von zu zur ter ten af av al el"
    " bin ibn ben bint abu e y"
)
SUFFIXES = words("jr sr ii iii iv")

# capitalised without being part of a name
CALENDAR = words(
    """
    monday tuesday wednesday thursday friday saturday sunday january february july september
    october november december feb apr jul aug sept sep oct nov
    """
)
# months that are also first names: a date only where no capitalised word follows
MONTH_NAMES = words("april june jan jun mar dec march august may")
# words that often open a sentence, so that their capital says nothing
OPENERS = (
    INDEFINITE
    | DETERMINERS
    | PREPOSITIONS
    | CALENDAR
    | words(
        """
        first second third fourth he she it they we i you him them us me who what when where why
        how which there here if because although though while whereas unless until but and or
        nor so yet then thus however meanwhile moreover still also even only just not never now
        today yesterday tomorrow earlier later asked told said says pressed speaking according
        despite following once perhaps maybe yes well instead finally former late old new last
        next is was are were be been has have had does do did can could would should shall must
        let see ask at's it's that's there's he's she's i'm we're they're don't police people
        staff officials relatives sources critics supporters elsewhere overnight separately
        whether given having being observers diplomats residents men women children sobbing
        furious live breaking exclusive update q a unlike say suppose imagine consider take meet
        everything nothing anything something amid thanks poor dear modern
        neighbouring neighboring nearby upstream downstream rival feisty
        """
    )
)
# last words of capitalised names that are nobody's
THINGS = words(
    """
    cup award awards prize games act treaty accord agreement convention avenue river sea ocean
    island islands coast summit festival exhibition war street road highway strait peninsula
    mountains province republic kingdom championship olympics day week city
    county district region valley desert square bridge territory
    """
)
# openers that may also begin a name: "the New Orvale Times"
NAMING = words("new old first second third fourth last next")
# what makes a name with "New" wherever it stands
AFTER_NEW = words(
    "zealand york yorker jersey england hampshire mexico orleans delhi brunswick caledonia guinea"
    " haven"
)
PLACE_OPENERS = words("new north south east west san los las fort port mount lake upper lower")
