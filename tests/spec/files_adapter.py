"""How the specs send a table as a file through a mapping.

In: a message whose rows stand for a file. Out: what became of it.
Must not know what any answer should be.
"""

from pharos.serve.home import Home, Submitted
from tests.oracle_said import Sent


def send_file(home: Home, message: Sent) -> Submitted:
    """Send the rows of a message as a CSV through a mapping whose columns bear their names."""
    raise NotImplementedError(f"{home.path} {message.id}")
