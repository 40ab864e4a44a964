"""A program whose exit status is the answer. That it only reads is the team's word."""

from warroom.checks.check import Found, Tools
from warroom.checks.lines import in_a_line, shown
from warroom.checks.programs import ended, run_program
from warroom.config.checks_settings import CommandCheck
from warroom.connect.output import Output
from warroom.errors import ProbeError


class CommandRunner:
    """One ``[checks.NAME]`` of kind command."""

    def __init__(self, settings: CommandCheck, tools: Tools) -> None:
        self._settings, self._tools = settings, tools

    async def run(self) -> Found:
        settings, masked = self._settings, self._tools.masked
        output = Output(masked, lambda: None)
        try:
            status = await run_program(
                settings.argv,
                self._tools,
                cwd=settings.cwd,
                env=settings.env,
                deadline=settings.deadline,
                stdin=settings.stdin,
                hear=output.hear,
            )
        except ProbeError as error:
            if error.phase != "deadline":
                raise
            output.close()
            return Found(False, in_a_line(str(error), masked), shown(output), late=True)
        output.close()
        return Found(status in settings.statuses, ended(status), shown(output))
