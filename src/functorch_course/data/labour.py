"""What a worker does, in a process or in a thread: a request comes, a reply goes."""

from .failure import Failure, pack
from .fetch import Fetcher, Recipe, make_fetcher
from .messages import Begin, Reply, Request


class Labour:
    """Turns requests into replies.

    Args:
        recipe: How to make batches; None if the worker could not be set up.
        worker: The worker's number.
        where: What to call it in errors.
        broken: Why it could not be set up, if it could not.
    """

    def __init__(
        self, recipe: Recipe | None, worker: int, where: str, broken: Failure | None = None
    ) -> None:
        self.ticket = 0
        self._recipe = recipe
        self._worker = worker
        self._where = where
        self._broken = broken
        self._failure = broken
        self._fetcher: Fetcher | None = None

    def begin(self, order: Begin) -> None:
        """Begin an epoch; if that fails, every batch of it does."""
        self.ticket = order.ticket
        self._failure = self._broken
        if self._recipe is None:
            return
        try:
            self._fetcher = make_fetcher(self._recipe, order.seed, order.epoch, self._worker)
        except Exception as error:  # noqa: BLE001 - it is raised where the batch is waited for
            self._failure = pack(error, self._where)

    def reply(self, request: Request) -> Reply:
        """Make a batch, or say why there is none."""
        number = request.task.number
        if self._failure is not None or self._fetcher is None:
            return Reply(request.ticket, number, self._failure)
        try:
            return Reply(request.ticket, number, self._fetcher.fetch(request.task))
        except Exception as error:  # noqa: BLE001 - it is raised where the batch is waited for
            return self.failed(request, error)

    def failed(self, request: Request, error: BaseException) -> Reply:
        """Say what went wrong."""
        return Reply(request.ticket, request.task.number, pack(error, self._where))
