"""What ticket events were heard: asks the marks while deciding, writes them while posting.

In: batches of ticket events. Out: for each line new, repeat or conflict; rows of ``stream``,
``heard`` and ``heard_id``. Knows nothing of money.
"""

from functools import partial

import numpy as np
import pyarrow as pa

from pharos.keep.batch import Batch, StreamKey
from pharos.keep.ledger import Ledger
from pharos.keep.marks import NUMBER_BITS, NUMBER_MASK, Heard, Marks
from pharos.words.descriptions import Numbering
from pharos.words.figures import ABSENT, Chosen, Ints

#: Sender, cinema and event id.
EventKey = tuple[str, str, str]


#: Numbers of a stream that are counted together at the start.
BLOCK = 256
#: A cinema's number takes the low 32 bits of a stream's key, the lane the bits above.
_CINEMA_BITS = 32


class Hearing:
    """The marks of a ledger and the numbering of its streams.

    A lane is (sender, stream, epoch); each cinema has a stream of its own in each lane.
    """

    def __init__(self, ledger: Ledger, cinemas: Numbering) -> None:
        """Bring the marks up to what the ledger holds; ``cinemas`` numbers them in mentions."""
        self._ledger = ledger
        self._cinemas = cinemas
        self._lanes: dict[StreamKey, int] = {}
        #: Keys of streams in order, and the code of each.
        self._keys = np.zeros(0, dtype=np.int64)
        self._codes = np.zeros(0, dtype=np.int64)
        self._streams: list[tuple[StreamKey, str]] = []
        self._written = 0
        # No method of its own: a circle would keep all of it in memory when it is dropped.
        self.marks = Marks(partial(_older, ledger))
        self._restore()

    def ask(self, batch: Batch, counts: Chosen) -> Ints:
        """For each line of a batch a value of `Heard`.

        Lines that are no ticket events, and those that do not count anyway, are new.
        """
        lines = batch.figures.lines
        answer = np.full(len(batch.figures), Heard.NEW, dtype=np.int64)
        numbered = np.flatnonzero((lines["number"] != ABSENT) & counts)
        if len(numbered):
            streams = self._codes_of(batch, numbered)
            answer[numbered] = self.marks.ask(
                streams, lines["number"][numbered], lines["content"][numbered]
            )
        if batch.figures.event_ids:
            self._ask_ids(batch, answer, counts)
        return answer

    def write(self, batch: Batch) -> None:
        """Remember the events of a batch, all of them new, and write them down."""
        lines = batch.figures.lines
        numbered = np.flatnonzero(lines["number"] != ABSENT)
        if len(numbered):
            streams = self._codes_of(batch, numbered)
            numbers, contents = lines["number"][numbered], lines["content"][numbered]
            self.marks.remember(streams, numbers, contents)
            self._write_streams()
            self._ledger.append(
                "heard",
                {
                    "position": lines["position"][numbered],
                    "stream": streams,
                    "number": numbers,
                    "content": contents,
                },
            )
        if batch.figures.event_ids:
            self._write_ids(batch)

    def gaps(self) -> list[tuple[StreamKey, str, int, int]]:
        """Numbers that were skipped so far: (lane, cinema, first missing, last missing)."""
        return [(*self._streams[stream], low, high) for stream, low, high in self.marks.gaps()]

    def _codes_of(self, batch: Batch, lines: Ints) -> Ints:
        """The codes of the streams that lines of a batch belong to, new ones where needed."""
        figures = batch.figures
        cinema = figures.mentions.ints("cinema")[figures.lines["mention"][lines]]
        lanes = np.array([self._lane(key) for key in batch.streams], dtype=np.int64)
        keys = (lanes[figures.lines["stream"][lines]] << _CINEMA_BITS) | cinema
        places = np.searchsorted(self._keys, keys)
        if not self._all_known(keys, places):
            self._number(np.setdiff1d(keys, self._keys))
            places = np.searchsorted(self._keys, keys)
        return self._codes[places]

    def _lane(self, key: StreamKey) -> int:
        return self._lanes.setdefault(key, len(self._lanes))

    def _all_known(self, keys: Ints, places: Ints) -> bool:
        return len(self._keys) > 0 and bool(
            (self._keys[np.minimum(places, len(self._keys) - 1)] == keys).all()
        )

    def _number(self, fresh: Ints) -> None:
        """Give new streams their codes; ``fresh`` holds their keys in order."""
        codes = np.arange(len(self._streams), len(self._streams) + len(fresh))
        places = np.searchsorted(self._keys, fresh)
        self._keys = np.insert(self._keys, places, fresh)
        self._codes = np.insert(self._codes, places, codes)
        lanes, cinemas = list(self._lanes), self._cinemas.texts
        for key in fresh.tolist():
            lane, cinema = key >> _CINEMA_BITS, key & ((1 << _CINEMA_BITS) - 1)
            self._streams.append((lanes[lane], cinemas[cinema]))

    def _write_streams(self) -> None:
        terms = self._ledger.terms
        rows = [
            {
                "stream": code,
                "sender": terms["sender"].code(sender),
                "cinema": terms["cinema"].code(cinema),
                "name": name,
                "epoch": epoch,
            }
            for code in range(self._written, len(self._streams))
            for (sender, name, epoch), cinema in [self._streams[code]]
        ]
        self._ledger.append_rows("stream", rows)
        self._written = len(self._streams)

    def _ask_ids(self, batch: Batch, answer: Ints, counts: Chosen) -> None:
        """Events without numbers: the first of each id counts, as for numbers."""
        heard = self._heard_ids(batch)
        contents = batch.figures.lines["content"].tolist()
        for index, key in _id_keys(batch):
            if not counts[index]:
                continue
            before = heard.get(key)
            if before is None:
                heard[key] = contents[index]
            else:
                same = before == contents[index]
                answer[index] = Heard.REPEAT if same else Heard.CONFLICT

    def _heard_ids(self, batch: Batch) -> dict[EventKey, int]:
        keys = [key for _, key in _id_keys(batch)]
        if not keys:
            return {}
        senders, cinemas, ids = zip(*keys, strict=True)
        terms = self._ledger.terms
        wanted = pa.table(
            {
                "sender": terms["sender"].codes(senders),
                "cinema": terms["cinema"].codes(cinemas),
                "event_id": ids,
            }
        )
        rows = self._ledger.query(
            "SELECT DISTINCT sender, cinema, event_id, content FROM heard_id "
            "JOIN wanted USING (sender, cinema, event_id)",
            wanted=wanted,
        )
        names = (terms["sender"].texts, terms["cinema"].texts)
        return {
            (names[0][row["sender"]], names[1][row["cinema"]], row["event_id"]): row["content"]
            for row in rows.to_pylist()
        }

    def _write_ids(self, batch: Batch) -> None:
        found = _id_keys(batch)
        chosen = [index for index, _ in found]
        senders, cinemas, ids = zip(*(key for _, key in found), strict=True)
        terms = self._ledger.terms
        self._ledger.append(
            "heard_id",
            {
                "position": batch.figures.lines["position"][chosen],
                "sender": terms["sender"].codes(senders),
                "cinema": terms["cinema"].codes(cinemas),
                "event_id": ids,
                "content": batch.figures.lines["content"][chosen],
            },
        )

    def _restore(self) -> None:
        rows = self._ledger.connection.execute(
            "SELECT stream, sender, cinema, name, epoch FROM stream ORDER BY stream"
        ).fetchall()
        terms = self._ledger.terms
        keys = []
        for _, sender, cinema, name, epoch in rows:
            said = terms["cinema"].texts[cinema]
            lane = (terms["sender"].texts[sender], name, epoch)
            self._streams.append((lane, said))
            keys.append((self._lane(lane) << _CINEMA_BITS) | self._cinemas[said])
        self._codes = np.argsort(np.array(keys, dtype=np.int64), kind="stable")
        self._keys = np.array(keys, dtype=np.int64)[self._codes]
        self._written = len(self._streams)
        if len(self._codes):
            floor = self._floor()
            table = pa.table({"stream": np.arange(len(floor)), "floor": floor})
            above = self._ledger.query(_ABOVE, floors=table)
            streams, numbers, contents = (column.to_numpy() for column in above.columns)
            self.marks.restore(floor, (streams << NUMBER_BITS) | numbers, contents)

    def _floor(self) -> Ints:
        """By stream: the last number of the whole blocks that it begins with.

        To count blocks of numbers takes a tenth of the time in which all are put in order.
        """
        counted = self._ledger.query(_BLOCKS)
        streams, blocks, counts = (column.to_numpy() for column in counted.columns)
        floor = np.zeros(len(self._streams), dtype=np.int64)
        if len(streams):
            starts = np.flatnonzero(np.diff(streams, prepend=-1))
            sizes = np.diff(np.append(starts, len(streams)))
            nth = np.arange(len(streams)) - np.repeat(starts, sizes)
            # Numbers begin with 1, so that the first block is one short.
            whole = (blocks == nth) & (counts == BLOCK - (blocks == 0))
            broken = np.where(whole, len(streams), nth)
            begun = np.minimum(np.minimum.reduceat(broken, starts), sizes)
            floor[streams[starts]] = np.maximum(begun * BLOCK - 1, 0)
        return floor


def _older(ledger: Ledger, keys: Ints) -> Ints:
    """Contents of events that are no longer at hand; 0 for those never heard."""
    wanted = pa.table({"stream": keys >> NUMBER_BITS, "number": keys & NUMBER_MASK})
    found = ledger.query(
        "SELECT stream, number, any_value(content) AS content FROM heard "
        "JOIN wanted USING (stream, number) GROUP BY stream, number",
        wanted=wanted,
    )
    known = {
        (row["stream"] << NUMBER_BITS) | row["number"]: row["content"] for row in found.to_pylist()
    }
    return np.array([known.get(key, 0) for key in keys.tolist()], dtype=np.int64)


def _id_keys(batch: Batch) -> list[tuple[int, EventKey]]:
    """(line, (sender, cinema, event id)) of the lines that bear an id and no number."""
    figures = batch.figures
    found = []
    for index, said in enumerate(figures.event_ids):
        if said:
            mention = int(figures.lines["mention"][index])
            sender, cinema = batch.report_at(mention).sender, figures.mentions[mention].cinema
            found.append((index, (sender, cinema, said)))
    return found


_BLOCKS = f"""
SELECT CAST(stream AS BIGINT) AS stream, number // {BLOCK} AS block, count(*) AS heard
FROM heard GROUP BY ALL ORDER BY ALL
"""
_ABOVE = """
SELECT CAST(h.stream AS BIGINT) AS stream, h.number, h.content
FROM heard h JOIN floors f USING (stream) WHERE h.number > f.floor
"""
