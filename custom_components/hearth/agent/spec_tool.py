"""What Hearth's own tools have in common: the model sees a spec of ours."""

from homeassistant.helpers import llm

from ..const import DOMAIN
from ..engines.chat import ToolSpec
from .assist import schema_of


class SpecTool(llm.Tool):
    """A tool whose name, description and parameters are those of a spec."""

    integration = DOMAIN

    def __init__(self, spec: ToolSpec) -> None:
        """Take what the model sees from the spec."""
        self.spec = spec
        self.name = spec.name
        self.description = spec.description
        self.parameters = schema_of(spec)
