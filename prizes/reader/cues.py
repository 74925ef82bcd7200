"""The words by which English prose announces prizes and says what a sum or a date is for.

Tables only. What they mean together is in `amounts`, `deadlines` and `opportunities`.
"""

from __future__ import annotations

import re

from .facts import DeadlineKind, PrizeKind


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_WORK = (
    r"(?:papers?|proposals?|submissions?|abstracts?|contributions?|applications?|nominations?"
    r"|benchmarks?|entries|essays?|ideas?|reviewers?|participants?|participation|projects?)"
)
_CONTEST = r"(?:competition|contest|challenge|hackathon|tournament|olympiad)"

# What a title calls the thing it announces, the most telling word first.
TITLE_KINDS: tuple[tuple[PrizeKind, re.Pattern[str]], ...] = (
    (
        "job",
        _words(
            r"\bhiring\b|\bjobs?\b|\bvacanc(?:y|ies)\b|\binternships?\b"
            r"|\b(?:open|job) (?:positions?|openings?|roles?)\b"
        ),
    ),
    ("prize", _words(r"\bprizes?\b|\bawards?\b|\bbount(?:y|ies)\b")),
    ("competition", _words(rf"\b{_CONTEST}s?\b")),
    ("grant", _words(r"\bgrants?\b|\bfellowships?\b|\bscholarships?\b|\bstipends?\b")),
    (
        "call",
        _words(
            r"\bcalls? for\b|\brequests? for proposals\b|\b(?:RFP|CFP)\b"
            r"|\bspecial (?:issue|edition)\b"
        ),
    ),
)

# What a sentence says that makes it an announcement, money or not.
OFFERS: tuple[tuple[PrizeKind, re.Pattern[str]], ...] = (
    (
        "job",
        re.compile(
            r"(?i:\b(?:is|are|we['’]re|we are)(?: now| currently| also)? (?:hiring|recruiting)\b"
            r"|\bjob openings?\b|\bopen (?:positions|roles)\b|\blooking to hire\b)"
            r"|\b(?:looking for|seeking) (?:[\w-]+ ){0,3}(?i:engineers?|researchers?|scientists?"
            r"|postdocs?|interns?|developers?|analysts?|managers?|assistants?)\b"
            r"|^Apply (?:to|at) (?!The\b)[A-Z]"
        ),
    ),
    (
        "call",
        _words(
            rf"\b(?:open |new )?call for (?:\w+ ){{0,3}}{_WORK}\b"
            rf"|\bcalling for (?:[\w-]+ ){{0,4}}{_WORK}\b|\brequests? for proposals\b"
            rf"|\b(?:invit|solicit|welcom)(?:e|es|ing) (?:[\w-]+ ){{0,3}}{_WORK}\b"
        ),
    ),
    (
        "grant",
        _words(
            r"\b(?:will fund|is funding|offers?|offering|announce[ds]?|provid(?:e|es|ing))"
            r"(?: [\w-]+){0,4} (?:grants|fellowships|scholarships|stipends)\b"
            r"|\b(?:grants|fellowships|scholarships)(?: [\w$,.-]+){0,4} are (?:now )?available\b"
            r"|\bgrant (?:pool|program(?:me)?)\b"
        ),
    ),
)

# Words that announce something to apply for, when nothing says better what it is.
APPLICATIONS = _words(
    r"\bapplications? (?:for [^.]{3,80} )?(?:are|is) (?:now )?(?:open|due|accepted)\b"
    r"|\baccepting applications\b"
)

# A contest is announced, not only named, where one can still take part.
OPEN = _words(
    r"\bsubmit(?:ted|ting)?\b|\bsubmissions?\b|\bdeadline\b|\bopen (?:until|till|for|to|now)\b"
    r"|\bregist(?:er|ration)\b|\bparticipate\b|\btake part\b|\bapply\b"
    r"|\bapplications? (?:are|is|due)\b"
    r"|\b(?:invites?|challenges) \w+ to\b|\bwill (?:award|be awarded|fund|announce)\b"
    r"|\bin prizes\b|\bprizes? (?:ranging|of|for)\b|\bis hosting\b|\bnew\b"
)
FINISHED = _words(
    r"\b(?:won|winners?(?! will))\b"
    r"|\bwinning (?:solution|entr(?:y|ies)|team|submission|paper|model)s?\b"
    r"|\b(?:was|were|has been|have been) (?:awarded|won|given)\b|\breceived (?:a|an|the)\b"
    r"|\b(?:concluded|took first place|placed first|came first)\b"
)
OVER = _words(
    r"\bwinners? (?:of|were|was|have been|has been)\b|\b(?:has|have) won\b"
    r"|\bwon (?:the|a|an|first|second|third)\b"
)
# Money that somebody spends, earns or is worth is no prize.
NO_PRIZE = _words(
    r"\ballocat\w+|\brevenues?\b|\bvaluation\b|\bvalued at\b|\brais(?:ed|es|ing)\b|\bbudgets?\b"
    r"|\bcost(?:s|ing)?\b|\bspen(?:d|ds|t|ding)\b|\binvest\w*|\bdamages?\b|\bloss(?:es)?\b"
    r"|\bfined?\b|\bsalar(?:y|ies)\b|\bprofits?\b|\bacquir\w+|\bdonat\w+"
)

# Sums, by what stands directly behind or before them.
_STOP = (
    r"(?!(?:will|would|for|to|and|or|is|are|was|were|of|in|with|has|have|goes|go|the|a|an|each|per"
    r"|from|by|at|that|who|which|if)\b)"
)
POOL_AFTER = _words(
    r"\+?\s*(?:(?:worth )?(?:of|in)(?: total| cash| combined| available)*"
    r" (?:prizes?|awards?|prize money|rewards?|grants|grant money|bounties)\b"
    r"|,? ?(?:(?:which|that) (?:is|are|will be) |to be )?(?:split|divided|broken)(?: up)? into\b"
    rf"|(?:{_STOP}[\w-]+ ){{0,4}}(?:prize|award|grant|reward|fellowship|bounty)s?"
    r" (?:pool|fund|purse|program(?:me)?|competition|contest|challenge)\b"
    rf"|(?:{_STOP}[\w-]+ ){{0,3}}(?:{_CONTEST}|prize)\b"
    r"(?! (?:for|to) (?:the |a )?(?:best|first|win)))"
)
POOL_BEFORE = _words(
    r"(?:\btotal(?:l?ing|s)?|\btotal of|\bpool of|\b(?:total |overall )?(?:prize|grant|award)"
    r" (?:pool|fund|purse|money|program(?:me)?)|\bprizes?(?: totall?ing| worth| is)?)"
    r"(?: of| is|:)?\s+$"
)
UNIT_BEFORE = _words(
    r"(?:\b(?P<count>\d{1,4}|two|three|four|five|six|seven|eight|nine|ten)\b(?: [\w-]+){0,2} )?"
    r"\b(?P<unit>grants?|prizes?|awards|(?<!will )(?<!would )(?<!to )award|bount(?:y|ies)"
    r"|stipends?|scholarships?|fellowships?)"
    r"(?: (?:of|up to|as much as|at least|over|about|around|worth|ranging|range|between|from))+ +$"
)
EACH_AFTER = _words(
    r"\s*(?:\(?each\b|apiece\b|per (?:winner|team|person|paper|project|grant|idea)\b"
    r"|for (?:each|every) (?P<label>.+))"
)
PLACE_BEFORE = _words(
    r"\b(?P<label>(?:first|second|third|1st|2nd|3rd|grand|top|main|runner-up|best(?: [\w-]+){1,3})"
    r"(?:[ -](?:prize|place|award))?)"
    r"(?: of| is| wins?| gets?| receives?| will receive|:| [-–—])+ +$"
)
# In a list of places nothing need stand between a place and its sum: "(first $5; second $2)".
PLACE_LISTED = _words(
    r"(?:[(;,:]|\band)\s*(?P<label>(?:first|second|third|fourth|fifth|[1-9](?:st|nd|rd|th)|grand"
    r"|runner-up)(?:[ -](?:prize|place|award))?) +$"
)
SHARE_AFTER = _words(
    r"\s*(?:will |would |is |are )?(?:go(?:es)?|be (?:awarded|given|paid|reserved|split|divided"
    r"|shared)|awarded|reserved|set aside)(?: (?:to|for|among|between))(?: the)? (?P<label>.+)"
)
GIFT_BEFORE = _words(r"\b(?:awards?|awarding|offers?|offering|gives?|giving|pays?|paying)\b")
GIFT_AFTER = _words(r"\s*(?:to|for)(?: the| each)? (?P<label>.+)")
LABEL_END = re.compile(r"[,.;:()!?]|\s(?:and|or|with|plus)\s+(?:up to\s)?[$€£\d]|\s(?:will|with)\s")
ROUND = _words(
    r"\b(?P<round>(?:(?P<last>final|last)|warm-?up|first|second|third|1st|2nd|3rd|initial|preliminary"
    r"|qualifying|development|early|next|main)[ -](?:competition )?"
    r"(?:round|phase|iteration|stage|edition|track))\b"
)

# Dates, by the words nearest to them.
DATE_CUES: tuple[tuple[DeadlineKind | None, re.Pattern[str]], ...] = (
    ("abstract", _words(r"\babstracts?\b(?=[^.]{0,60}(?:due|deadline|submi|by|until|:))")),
    ("registration", _words(r"\bregist(?:er|ration)\b|\bsign(?:ing)?[ -]?up\b")),
    (
        "notification",
        _words(
            r"\bnotif\w+|\b(?:winners?|decisions?|results?|awards?)\b[^.]{0,20}\bannounced\b"
            r"|\bannounce(?:ment of)? (?:the )?(?:winners?|results)\b|\bdecisions?\b"
        ),
    ),
    (
        "opens",
        _words(
            r"\bopens?\b(?! (?:until|till|through|for|to)\b)|\bwill open\b|\bopening\b"
            r"|\bstart(?:s|ing)?\b|\bbegin(?:s|ning)?\b|\bkicks? off\b|\blaunch(?:es)?\b|\bfrom\b"
        ),
    ),
    (
        "submission",
        _words(
            r"\bdeadlines?\b|\bdue\b(?! to)|\bsubmi(?:t|ssions?)\b"
            r"|\bopen (?:until|till|through|for|to)\b|\bclos(?:es?|ed|ing)\b|\bend(?:s|ed)?\b"
            r"|\bapply\b|\bapplications?\b|\bentries\b|\buntil\b|\bby\b|\bno later than\b"
            r"|\bfull papers?\b|\baccepted\b|\bbefore\b"
        ),
    ),
    (
        None,  # something happens that day, but nothing closes
        _words(
            r"\bheld\b|\btak(?:es|ing) place\b|\bworkshop (?:on|is)\b|\bconference\b|\bpublished\b"
            r"|\breleased\b|\blaunched\b|\bas of\b|\bsince\b|\bannounced\b|\bposted\b|\bcreated\b"
        ),
    ),
)
PAST = _words(r"\b(?:was|were|ended|closed|passed|finished|expired)\b")
ASKS_FOR_A_DATE = _words(r"\bdeadline\b|\bdue\b(?! to)|\bcloses?\b|\bopen until\b")
