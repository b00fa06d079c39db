"""What the formats call things, in CSL's words (https://docs.citationstyles.org), for reading and writing alike."""

from __future__ import annotations

BIBTEX_TYPES = {
    "article": "article-journal", "inproceedings": "paper-conference", "conference": "paper-conference",
    "book": "book", "proceedings": "book", "mvbook": "book", "collection": "book", "mvcollection": "book",
    "incollection": "chapter", "inbook": "chapter", "bookinbook": "chapter", "suppbook": "chapter",
    "phdthesis": "thesis", "mastersthesis": "thesis", "thesis": "thesis", "techreport": "report", "report": "report",
    "manual": "report", "booklet": "pamphlet", "unpublished": "manuscript", "online": "webpage",
    "electronic": "webpage", "www": "webpage", "patent": "patent", "software": "software", "dataset": "dataset",
    "inreference": "entry-encyclopedia", "periodical": "periodical", "standard": "standard",
}  # fmt: skip
RIS_TYPES = {
    "JOUR": "article-journal", "JFULL": "article-journal", "EJOUR": "article-journal", "MGZN": "article-magazine",
    "NEWS": "article-newspaper", "CPAPER": "paper-conference", "CONF": "paper-conference", "CHAP": "chapter",
    "ECHAP": "chapter", "BOOK": "book", "EBOOK": "book", "EDBOOK": "book", "SER": "book", "THES": "thesis",
    "RPRT": "report", "GOVDOC": "report", "STAND": "standard", "PAT": "patent", "DATA": "dataset", "AGGR": "dataset",
    "COMP": "software", "ELEC": "webpage", "ICOMM": "webpage", "BLOG": "post-weblog", "UNPB": "manuscript",
    "INPR": "article", "ENCYC": "entry-encyclopedia", "DICT": "entry-dictionary", "PAMP": "pamphlet",
    "CASE": "legal_case", "STAT": "legislation", "MAP": "map", "VIDEO": "motion_picture", "SOUND": "song",
    "GEN": "document", "ABST": "article-journal", "BILL": "bill", "HEAR": "hearing", "PCOMM": "personal_communication",
    "MANSCPT": "manuscript", "MPCT": "motion_picture", "MUSIC": "musical_score", "SLIDE": "speech", "CLSWK": "classic",
    "ANCIENT": "classic", "DBASE": "dataset", "ART": "graphic", "FIGURE": "figure", "CHART": "figure",
}  # fmt: skip

ZOTERO_TYPES = {
    "journalarticle": "article-journal", "magazinearticle": "article-magazine", "newspaperarticle": "article-newspaper",
    "conferencepaper": "paper-conference", "booksection": "chapter", "book": "book", "thesis": "thesis",
    "report": "report", "preprint": "article", "dataset": "dataset", "computerprogram": "software",
    "encyclopediaarticle": "entry-encyclopedia", "dictionaryentry": "entry-dictionary", "presentation": "speech",
    "manuscript": "manuscript", "document": "document", "patent": "patent", "standard": "standard",
    "statute": "legislation", "case": "legal_case", "bill": "bill", "hearing": "hearing", "webpage": "webpage",
    "blogpost": "post-weblog", "forumpost": "post", "letter": "personal_communication", "map": "map",
    "email": "personal_communication", "instantmessage": "personal_communication", "interview": "interview",
    "videorecording": "motion_picture", "film": "motion_picture", "audiorecording": "song", "podcast": "broadcast",
    "radiobroadcast": "broadcast", "tvbroadcast": "broadcast", "artwork": "graphic", "note": "note",
    "attachment": "attachment", "annotation": "annotation",
}  # fmt: skip
# Document types of Scopus, Web of Science, Embase, IEEE Xplore and tables that people make, in lower case.
DOCUMENT_TYPES = {
    "article": "article-journal", "journal article": "article-journal", "research article": "article-journal",
    "original article": "article-journal", "journal": "article-journal", "j": "article-journal",
    "ieee journals": "article-journal", "ieee early access articles": "article-journal",
    "ieee magazines": "article-magazine", "conference paper": "paper-conference", "proceedings paper": "paper-conference",
    "conference": "paper-conference", "ieee conferences": "paper-conference", "book": "book", "b": "book",
    "book chapter": "chapter", "chapter": "chapter", "ieee standards": "standard", "standard": "standard",
    "preprint": "article", "thesis": "thesis", "dissertation": "thesis", "report": "report",
    "technical report": "report", "patent": "patent", "p": "patent", "dataset": "dataset", "data set": "dataset",
    "software": "software",
}  # fmt: skip
# Publication types of PubMed and reference types of EndNote, in lower case; the first that a record has counts.
PUBMED_TYPES = {
    "preprint": "article", "dataset": "dataset", "book chapter": "chapter", "book": "book",
    "technical report": "report", "government publication": "report", "academic dissertation": "thesis",
    "newspaper article": "article-newspaper", "journal article": "article-journal", "review": "article-journal",
    "systematic review": "article-journal", "meta-analysis": "article-journal", "letter": "article-journal",
    "editorial": "article-journal", "comment": "article-journal", "news": "article-journal",
    "case reports": "article-journal", "clinical trial": "article-journal",
    "randomized controlled trial": "article-journal", "published erratum": "article-journal",
    "retraction of publication": "article-journal", "congress": "paper-conference",
}  # fmt: skip
ENDNOTE_TYPES = {
    "journal article": "article-journal", "electronic article": "article-journal",
    "magazine article": "article-magazine", "newspaper article": "article-newspaper",
    "conference paper": "paper-conference", "conference proceedings": "paper-conference",
    "book section": "chapter", "electronic book section": "chapter", "book": "book", "edited book": "book",
    "electronic book": "book", "serial": "book", "thesis": "thesis", "report": "report",
    "government document": "report", "standard": "standard", "patent": "patent", "dataset": "dataset",
    "aggregated database": "dataset", "online database": "dataset", "computer program": "software",
    "web page": "webpage", "blog": "post-weblog", "manuscript": "manuscript", "unpublished work": "manuscript",
    "encyclopedia": "entry-encyclopedia", "dictionary": "entry-dictionary", "pamphlet": "pamphlet",
    "case": "legal_case", "statute": "legislation", "bill": "bill", "hearing": "hearing", "map": "map",
    "film or broadcast": "motion_picture", "personal communication": "personal_communication",
    "classical work": "classic", "ancient text": "classic", "artwork": "graphic", "figure": "figure",
    "generic": "document", "preprint": "article",
}  # fmt: skip
# Kinds of journal article that CSL knows no type for: their own name is kept as `genre`.
ARTICLE_GENRES = frozenset({
    "review", "review article", "systematic review", "meta-analysis", "editorial", "editorial material", "letter",
    "note", "comment", "short survey", "erratum", "correction", "data paper", "case report", "clinical trial",
    "article in press",
})  # fmt: skip
RETRACTED_TYPES = frozenset({"retracted", "retracted article", "retracted publication"})
# What content negotiation at doi.org calls its CSL items.
CROSSREF_TYPES = {
    "journal-article": "article-journal", "proceedings-article": "paper-conference", "book-chapter": "chapter",
    "posted-content": "article", "dissertation": "thesis", "monograph": "book", "edited-book": "book",
    "reference-book": "book", "report-component": "report", "book-section": "chapter", "book-part": "chapter",
    "reference-entry": "entry", "peer-review": "review", "proceedings": "book",
}  # fmt: skip
OPENALEX_TYPES = {
    "article": "article-journal", "review": "article-journal", "letter": "article-journal",
    "editorial": "article-journal", "erratum": "article-journal", "retraction": "article-journal",
    "preprint": "article", "book": "book", "book-chapter": "chapter", "dissertation": "thesis", "dataset": "dataset",
    "report": "report", "standard": "standard", "reference-entry": "entry", "peer-review": "review",
    "software": "software",
}  # fmt: skip
SEMANTIC_SCHOLAR_TYPES = {
    "JournalArticle": "article-journal", "Conference": "paper-conference", "Book": "book", "BookSection": "chapter",
    "Dataset": "dataset", "News": "article-newspaper",
}  # fmt: skip

# Ids under which one work is known, as `Paper.ids` calls them.
ID_SCHEMES = ("pmid", "pmcid", "openalex", "corpusid", "s2", "mag", "dblp", "eid", "wos", "embase", "ieee")

# What is no paper unless it has an id of a paper: told, and left out unless the user wants everything.
NO_PAPERS = frozenset({"webpage", "post", "post-weblog", "note", "attachment", "annotation", "personal_communication"})  # fmt: skip

# Further fields of BibTeX and BibLaTeX, by CSL's names; what is not here keeps its own.
BIBTEX_FIELDS = {
    "volume": "volume", "number": "issue", "issue": "issue-title", "pages": "page", "publisher": "publisher",
    "address": "publisher-place", "location": "publisher-place", "series": "collection-title", "edition": "edition",
    "editor": "editor", "issn": "ISSN", "isbn": "ISBN", "language": "language", "shorttitle": "title-short",
    "shortjournal": "container-title-short", "eventtitle": "event-title", "venue": "event-place", "pagetotal": "number-of-pages",
    "chapter": "chapter-number", "type": "genre", "annote": "annote", "urldate": "accessed", "eid": "article-number",
}  # fmt: skip


def bibtex_type_of(kind: str | None) -> str:
    """The entry type that a CSL type is written as."""
    return next((name for name, csl in BIBTEX_TYPES.items() if csl == kind), "misc")
