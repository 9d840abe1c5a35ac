"""The door for forms: a file or a correction is looked at, and then sent as any report is.

In: what browsers send from our own pages. Out: pages: what would change, then receipt and verdict.
What is sent is the very message that was shown, under its own id, so that pressing twice does no
harm. Needs no script.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any

from pharos.arrive.journal import BODY_LIMIT
from pharos.arrive.journal_batch import check_draft
from pharos.arrive.mapping import packaged_mappings
from pharos.errors import BadQuestion, BodyTooLarge, NoSuchMessage, PharosError
from pharos.measure.edition import Edition
from pharos.measure.standing import standing
from pharos.serve.addressed import (
    addressed,
    digest_of,
    mapping_act,
    require_keepable,
    require_sender,
)
from pharos.serve.asgi import Receive, Send, send_page, send_problem
from pharos.serve.correcting import STREAM, Drafted, Wish, called, drafted
from pharos.serve.dropped import copied
from pharos.serve.form_body import Form, Sheet, read_form
from pharos.serve.form_pages import Tried, correct_view, thing_of, upload_view
from pharos.serve.intake import Desk, length
from pharos.serve.language import LANGUAGES, Language, language
from pharos.serve.loopback import foreign
from pharos.serve.outbox import fresh_id
from pharos.serve.pending import Pending
from pharos.serve.policy import everything
from pharos.serve.previewed import Kept, Looked, preview_view, sent_view
from pharos.serve.printed import HEADERS, HTML, printed
from pharos.serve.problems import problem_of
from pharos.serve.readers import Readers
from pharos.serve.sending import Parcel, pack_table, text_of
from pharos.serve.trying import Trial, tried_beside

#: What can be sent by a form.
FORMS = ("upload", "correct")
#: Seconds for which a page waits for a verdict before it shows the receipt alone.
WAIT_SECONDS = 10.0
#: Files that are read at once: each takes a process of its own.
AT_ONCE = 2
#: Of a body that is too large so much is read before the page says so: a browser that is still
#: sending when the answer comes shows none. And seconds for that.
DRAINED_BYTES, DRAINED_SECONDS = 256 << 20, 20.0

Scope = MutableMapping[str, Any]
Page = tuple[int, bytes]
#: Gross and admissions of a correction, before and after.
Figures = tuple[tuple[str, str], tuple[str, str]]
_NO_FIGURES: Figures = (("", ""), ("", ""))


class Forms:
    """An ASGI application for what is sent from the pages `upload` and `correct`."""

    def __init__(self, desk: Desk, readers: Readers) -> None:
        """Nothing was shown yet."""
        self._desk = desk
        self._readers = readers
        self._pending = Pending()
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._looks: dict[str, Callable[[Form, Language], Awaitable[Looked]]] = {
            "upload": self._look_at_file,
            "correct": self._look_at_correction,
        }

    @staticmethod
    def serves(method: str, path: str) -> bool:
        """Whether a request is one of this door's."""
        return method == "POST" and path in ADDRESSES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one form."""
        if (refusal := foreign(scope)) is not None:
            await send_problem(send, refusal)
            return
        spoken, name = ADDRESSES[scope["path"]]
        form = Form()
        with self._desk.bodies.room() as room:
            try:
                body = await self._desk.bodies.read(receive, length(scope), room)
                form = await asyncio.to_thread(read_form, _kind(scope), body)
                answer = await self._answer(form, name, spoken)
            except PharosError as problem:
                if isinstance(problem, BodyTooLarge):
                    await _drained(receive)
                answer = await self._again(form, name, spoken, problem)
        # The connection ends with it, since what is left of a body is not read.
        headers = {
            "content-type": HTML,
            "cache-control": "private, no-cache",
            "connection": "close",
        }
        await send_page(send, *answer, headers | HEADERS)

    async def _answer(self, form: Form, name: str, spoken: Language) -> Page:
        if form.get("act") == "send":
            return await self._sent(form, name, spoken)
        async with self._turn:
            looked = await self._looks[name](form, spoken)
        view = await self._readers.read(partial(preview_view, spoken=spoken, looked=looked))
        return HTTPStatus.OK, _printed("preview.html", spoken, name, view)

    async def _again(self, form: Form, name: str, spoken: Language, problem: PharosError) -> Page:
        """The same form with what was said, and with what is wrong."""
        told = Tried(form.fields, problem)
        make = {"upload": upload_view, "correct": correct_view}[name]
        view = await self._readers.read(partial(make, spoken=spoken, tried=told))
        return problem_of(problem).status, _printed(f"{name}.html", spoken, name, view)

    # --- looking

    async def _look_at_file(self, form: Form, _: Language) -> Looked:
        file = form.files.get("file")
        if file is None or not file.content:
            raise BadQuestion("choose a file; the one that was sent is empty")
        if not form.get("sender"):
            raise BadQuestion("say who sends the file")
        mapping = self._mapping(form)
        if mapping is None:
            stream = form.get("stream") or None
            parcel = Parcel(addressed(form.get("sender"), file.content, stream))
        else:
            parcel = await asyncio.to_thread(_table, file, mapping, form)
        return await self._tried(parcel, file.name)

    def _mapping(self, form: Form) -> str | None:
        """The text of the mapping that is chosen; None: the file is native."""
        own = form.files.get("own_mapping")
        if own is not None:
            return text_of(own.name, own.content)
        chosen = form.get("mapping")
        if not chosen:
            return None
        packaged = {digest_of(text.encode()): text for text in packaged_mappings().values()}
        found = packaged.get(chosen) or self._desk.mappings.text(chosen)
        if found is None:
            raise BadQuestion(f"no mapping {chosen[:12]!r} is known here; choose one of the list")
        return found

    async def _look_at_correction(self, form: Form, spoken: Language) -> Looked:
        wish = Wish(
            thing_of(form.fields), form.get("by"), form.get("why"),
            {n: form.get(n).replace(",", "") for n in ("gross", "admissions") if form.get(n)},
            form.get("book"),
        )  # fmt: skip

        def draft(edition: Edition) -> Drafted:
            return drafted(standing(edition, wish.thing)["rows"], wish)

        made = await self._readers.read(draft)
        parcel = Parcel(addressed(form.get("sender"), made.body, STREAM, fresh_id()))
        return await self._tried(parcel, called(made.thing), _before_and_after(spoken, made))

    async def _tried(self, parcel: Parcel, what: str, figures: Figures = _NO_FIGURES) -> Looked:
        draft, desk = parcel.draft, self._desk
        check_draft(draft, BODY_LIMIT)
        keeps = desk.keeps.with_mapping(parcel.mapping)
        await asyncio.to_thread(require_keepable, draft.body, keeps)
        find = partial(desk.home.journal.find, draft.sender, draft.stream, draft.id)
        trial = Trial(parcel, await asyncio.to_thread(find), desk.home.clock())
        path = desk.home.ledger.path
        done, totals = await self._readers.read(lambda e: tried_beside(e.cursor, path, trial))
        return Looked(parcel, self._pending.put(parcel), done, totals, what, *figures)

    # --- sending

    async def _sent(self, form: Form, name: str, spoken: Language) -> Page:
        """Keep what was shown; the answer comes once it counts, or after a while."""
        parcel, desk = self._pending.get(form.get("key")), self._desk
        if parcel is None:
            raise NoSuchMessage(
                "what was shown is not kept here any longer, and nothing was sent; look at it again"
            )
        if parcel.mapping is not None:
            await desk.keep_act(mapping_act(parcel.mapping))
        await asyncio.to_thread(require_keepable, parcel.draft.body, desk.keeps)
        (receipt,) = await desk.commits.keep([parcel.draft])
        told = await desk.told(receipt.position, WAIT_SECONDS)
        kept = Kept(receipt, told, parcel.draft.body)
        view = await self._readers.read(partial(sent_view, spoken=spoken, kept=kept))
        return HTTPStatus.OK, _printed("sent.html", spoken, name, view)


def _table(file: Sheet, mapping: str, form: Form) -> Parcel:
    """A table through a mapping, read in a process apart."""
    require_sender(form.get("sender"))
    with copied(file.name, file.content) as copy:
        return pack_table(copy, mapping, form.get("sender"), form.get("stream"))


def _before_and_after(spoken: Language, made: Drafted) -> Figures:
    before = made.before
    gross, after = (
        spoken.money(spoken.exact(one), before["currency"]) for one in (before["gross"], made.gross)
    )
    return (gross, spoken.exact(before["admissions"])), (after, spoken.exact(made.admissions))


def _kind(scope: Scope) -> str:
    said = (value for name, value in scope["headers"] if name == b"content-type")
    return next(said, b"").decode("latin-1")


def _printed(template: str, spoken: Language, name: str, view: dict[str, Any]) -> bytes:
    elsewhere = {code: f"/{code}/{name}" for code in LANGUAGES}
    # What is anonymous sends no forms.
    return printed(template, spoken, sight=everything(), view=view, form=name, elsewhere=elsewhere)


async def _drained(receive: Receive) -> None:
    """Read on to the end of a body that nobody wants, within bounds."""
    size, more = 0, True
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAINED_SECONDS):
            while more and size < DRAINED_BYTES:
                said = await receive()
                size += len(said.get("body", b""))
                more = said["type"] == "http.request" and said.get("more_body", False)


#: Where forms are sent to: the language and the name of each.
ADDRESSES = {f"/{code}/{name}": (language(code), name) for code in LANGUAGES for name in FORMS}
