"""The tables of the ledger.

In: nothing. Out: the text that creates an empty ledger. Knows no data.

Every table is append-only and bears the journal ``position`` that caused the row, so that any
edition is a filter. Texts that repeat (cinemas, works, ticket types ...) are written once in
``term`` and stand elsewhere as its dense codes, one numbering for each kind of word.
"""

#: Counted up when tables change; a ledger of another number is thrown away and rebuilt.
LEDGER_VERSION = 4

#: Additive columns of a posting, all integers; money in minor units. A ``_missing`` column counts
#: the rows that did not say the figure, so that a sum knows whether it is complete.
QUANTITIES = (
    "said",  # report rows behind the figure; 0 after all of them were withdrawn
    "admissions",
    "free",
    "refunded",
    "gross",
    "tax",
    "levy",
    "fee",
    "declared",
    "screenings",
    "seats",
    "admissions_missing",
    "free_missing",
    "tax_missing",
    "levy_missing",
    "fee_missing",
    "refunded_missing",
    "screenings_missing",
    "seats_missing",
)
MONEY = ("gross", "tax", "levy", "fee", "declared")
#: What a checkpoint repeats of an account, so that a question need not join the two.
DESCRIPTION = {
    "screening": "INTEGER",
    "level": "TINYINT",
    "sender": "INTEGER",
    "cinema": "INTEGER",
    "work": "INTEGER",
    "version": "INTEGER",
    "lead": "BOOLEAN",
    "business_date": "DATE",
    "minute": "SMALLINT",
    "screen": "INTEGER",
    "currency": "INTEGER",
}
_DESCRIPTION = ", ".join(f"{name} {kind}" for name, kind in DESCRIPTION.items())


def _quantity_columns(counts: str, unsaid: str = "") -> str:
    kinds = {name: "BIGINT" if name in MONEY else counts for name in QUANTITIES}
    return ",\n    ".join(f"{name} {kind}{unsaid}" for name, kind in kinds.items())


SCHEMA = f"""
CREATE TABLE ledger (version INTEGER, home VARCHAR);
CREATE TABLE applied (position BIGINT, reached_at TIMESTAMP);
CREATE TABLE term (kind VARCHAR, code INTEGER, text VARCHAR);

-- One work's part of one description of a screening, or one work's day in a cinema.
CREATE TABLE account (
    account INTEGER, screening INTEGER, level TINYINT, sender INTEGER, cinema INTEGER,
    said VARCHAR, work INTEGER, version INTEGER, lead BOOLEAN, business_date DATE,
    start TIMESTAMP, minute SMALLINT, screen INTEGER, currency INTEGER, position BIGINT,
    programme VARCHAR, start_us BIGINT, offset_minutes SMALLINT, known_seats BIGINT,
    cancelled BOOLEAN);

CREATE TABLE posting (
    position BIGINT, row_number BIGINT, account INTEGER, book TINYINT, event TINYINT,
    ticket_type INTEGER, channel INTEGER, sold_at TIMESTAMP, line BIGINT,
    {_quantity_columns("INTEGER")});

-- Where a posting that was moved or withdrawn came from.
CREATE TABLE moved (
    position BIGINT, row_number BIGINT, from_position BIGINT, from_row BIGINT);

-- Sums of the postings in (low, high] of a span, so that a question need not read them all; they
-- bear what their accounts say, and lie in the order of business dates.
CREATE TABLE checkpoint (
    span INTEGER, account INTEGER, book TINYINT,
    {_DESCRIPTION},
    {_quantity_columns("BIGINT", " DEFAULT 0")});
CREATE TABLE checkpoint_span (
    span INTEGER, level TINYINT, low BIGINT, high BIGINT, postings BIGINT);

-- +1: from here this book of the account is not published; -1: it is again.
CREATE TABLE unpublished (position BIGINT, account INTEGER, book TINYINT, delta TINYINT);
CREATE TABLE spoke (position BIGINT, cinema INTEGER, business_date DATE, sender INTEGER,
    book TINYINT);

CREATE TABLE stream (stream INTEGER, sender INTEGER, cinema INTEGER, name VARCHAR, epoch INTEGER);
CREATE TABLE heard (position BIGINT, stream INTEGER, number BIGINT, content BIGINT);
CREATE TABLE heard_id (position BIGINT, sender INTEGER, cinema INTEGER, event_id VARCHAR,
    content BIGINT);
CREATE TABLE statement (position BIGINT, book TINYINT, sender INTEGER, cinema INTEGER,
    subject VARCHAR, stream VARCHAR, message_id VARCHAR);

CREATE TABLE report (
    position BIGINT, sender VARCHAR, stream VARCHAR, message_id VARCHAR, digest VARCHAR,
    arrived_at TIMESTAMP, verdict VARCHAR, rows INTEGER, repeats INTEGER, held INTEGER,
    file VARCHAR, original VARCHAR, mapping VARCHAR, code_version VARCHAR);
CREATE TABLE finding (
    position BIGINT, rule VARCHAR, severity VARCHAR, row_number BIGINT, sentence VARCHAR,
    subject VARCHAR);

CREATE TABLE cinema_fact (
    position BIGINT, cinema VARCHAR, first DATE, last DATE, territory VARCHAR, zone VARCHAR,
    currency VARCHAR, city VARCHAR, province VARCHAR, tier VARCHAR, chain VARCHAR,
    management VARCHAR, owner VARCHAR, expected BOOLEAN, reporter VARCHAR, registered BOOLEAN);
CREATE TABLE name_fact (
    position BIGINT, kind VARCHAR, id VARCHAR, language VARCHAR, name VARCHAR, name_kind VARCHAR);
CREATE TABLE work_fact (
    position BIGINT, work VARCHAR, year INTEGER, distributor VARCHAR, runtime_minutes INTEGER);
CREATE TABLE version_fact (
    position BIGINT, version VARCHAR, work VARCHAR, format VARCHAR, audio VARCHAR,
    subtitles VARCHAR);
CREATE TABLE release_fact (
    position BIGINT, work VARCHAR, territory VARCHAR, date DATE, run INTEGER,
    distributor VARCHAR);
CREATE TABLE opening_fact (
    position BIGINT, work VARCHAR, territory VARCHAR, through DATE, gross BIGINT,
    admissions BIGINT, currency VARCHAR, publisher VARCHAR);
CREATE TABLE silence_fact (
    position BIGINT, sender VARCHAR, cinema VARCHAR, first DATE, last DATE, reason VARCHAR);
CREATE TABLE judgement_fact (
    position BIGINT, kind VARCHAR, one VARCHAR, other VARCHAR, same BOOLEAN, why VARCHAR);
CREATE TABLE closing_fact (
    position BIGINT, first DATE, last DATE, territory VARCHAR, why VARCHAR);
-- What publishers stated, as they stated it; never added to postings. Values are whole numbers in
-- the units of `words.published`, precision is the unit of the last digit that was shown.
CREATE TABLE published (
    position BIGINT, row_number BIGINT, publisher VARCHAR, territory VARCHAR, scope VARCHAR,
    subject VARCHAR, first DATE, last DATE, status VARCHAR, coverage VARCHAR,
    stated_at TIMESTAMP, stated_as VARCHAR, source VARCHAR, measure VARCHAR, value BIGINT,
    precision BIGINT, relation VARCHAR, basis VARCHAR, currency VARCHAR);
CREATE TABLE setting_fact (position BIGINT, kind VARCHAR, name VARCHAR, text VARCHAR);
"""
