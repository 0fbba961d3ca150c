"""The one error that reading the data raises."""


class CatalogError(Exception):
    """The data does not hold together. `problems` names file and key of every mistake, not only of the first."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
