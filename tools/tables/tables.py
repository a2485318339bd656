"""What the program says of itself (hotpix help --dump), as objects."""
import dataclasses
import subprocess


@dataclasses.dataclass
class Option:
    name: str
    letter: str
    kind: str
    value: str
    help: list = dataclasses.field(default_factory=list)

    @property
    def words(self):
        """The words it may be; none where it is no OPTION_WORD."""
        return self.value.split("|") if self.kind == "word" else []

    @property
    def takes_file(self):
        return self.kind in ("text", "texts")

    @property
    def summary(self):
        return " ".join(self.help)


@dataclasses.dataclass
class Command:
    name: str
    arguments: str
    summary: str
    description: list = dataclasses.field(default_factory=list)
    options: list = dataclasses.field(default_factory=list)


def read(program):
    """All commands of a hotpix, in the order of its table."""
    run = subprocess.run([program, "help", "--dump"], check=True, capture_output=True, text=True)
    commands = []
    for line in run.stdout.splitlines():
        what, *fields = line.split("\t")
        if what == "command":
            commands.append(Command(*fields))
        elif what == "description":
            commands[-1].description.append(fields[0])
        elif what == "option":
            commands[-1].options.append(Option(*fields))
        elif what == "help":
            commands[-1].options[-1].help.append(fields[0])
        else:
            raise ValueError(f"a line of an unknown kind: {line}")
    return commands
