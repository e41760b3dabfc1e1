"""The agent's own text, imported without the rest of the integration.

The package's ``__init__`` pulls in all of Home Assistant's machinery that a
running integration needs; the text of a prompt needs none of it.
"""

import importlib.machinery
from pathlib import Path
import sys
import types

_NAME = "custom_components.hearth"

if _NAME not in sys.modules:
    _bare = types.ModuleType(_NAME)
    _bare.__path__ = [
        str(Path(__file__).parent.parent / "custom_components" / "hearth")
    ]
    _bare.__spec__ = importlib.machinery.ModuleSpec(_NAME, None, is_package=True)
    sys.modules[_NAME] = _bare

from custom_components.hearth.agent.alone import stands_alone  # noqa: E402
from custom_components.hearth.agent.answers import answer  # noqa: E402
from custom_components.hearth.agent.assist import schema_of  # noqa: E402
from custom_components.hearth.agent.calling import held_to_words  # noqa: E402
from custom_components.hearth.agent.compact import (  # noqa: E402
    CONTROL,
    SET,
    STATE,
)
from custom_components.hearth.agent.home import (  # noqa: E402
    ExposedEntity,
    _order as order,
)
from custom_components.hearth.agent.names import key, singular, words  # noqa: E402
from custom_components.hearth.agent.plain_changes import (  # noqa: E402
    plain_changes,
)
from custom_components.hearth.agent.plain_orders import plain_calls  # noqa: E402
from custom_components.hearth.agent.plain_questions import (  # noqa: E402
    plain_lookups,
)
from custom_components.hearth.agent.prompt import (  # noqa: E402
    INSTRUCTIONS,
    prefix,
    user_message,
)
from custom_components.hearth.agent.question import Deed  # noqa: E402
from custom_components.hearth.agent.repeated_calls import (  # noqa: E402
    without_repeats,
)
from custom_components.hearth.agent.results import MOST_NAMES  # noqa: E402
from custom_components.hearth.agent.seen import Seen  # noqa: E402
from custom_components.hearth.agent.sparing import apart, sparing  # noqa: E402
from custom_components.hearth.agent.states import describe, named  # noqa: E402
from custom_components.hearth.agent.strict import strict  # noqa: E402
from custom_components.hearth.agent.sure_enough import least_sure  # noqa: E402
from custom_components.hearth.agent.surely import surely_meant  # noqa: E402
from custom_components.hearth.agent.targets import (  # noqa: E402
    EVERYTHING,
    PASSAGES,
    Target,
    find_targets,
)
from custom_components.hearth.agent.translate import translate  # noqa: E402
from custom_components.hearth.agent.wording import as_meant  # noqa: E402
from custom_components.hearth.engines.chat import ToolSpec  # noqa: E402

TOOLS = (CONTROL, SET, STATE)

__all__ = [
    "EVERYTHING",
    "INSTRUCTIONS",
    "MOST_NAMES",
    "PASSAGES",
    "TOOLS",
    "Deed",
    "ExposedEntity",
    "Seen",
    "Target",
    "ToolSpec",
    "answer",
    "apart",
    "as_meant",
    "describe",
    "find_targets",
    "held_to_words",
    "key",
    "least_sure",
    "named",
    "order",
    "plain_calls",
    "plain_changes",
    "plain_lookups",
    "prefix",
    "schema_of",
    "singular",
    "sparing",
    "stands_alone",
    "strict",
    "surely_meant",
    "translate",
    "user_message",
    "without_repeats",
    "words",
]
