"""Names that more than one module of the integration uses."""

import logging

DOMAIN = "hearth"
LOGGER = logging.getLogger(__package__)

SUBENTRY_AI_TASK = "ai_task_data"
SUBENTRY_CONVERSATION = "conversation"

CONF_ASK_BACK = "ask_back"
CONF_CONTEXT_WINDOW = "context_window"
CONF_FIRST_BYTE_TIMEOUT = "first_byte_timeout"
CONF_KEEP_ALIVE = "keep_alive"
CONF_MAX_TOKENS = "max_tokens"
CONF_QUICK_CONFIRMATIONS = "quick_confirmations"
CONF_SILENCE_TIMEOUT = "silence_timeout"
CONF_TEMPERATURE = "temperature"
CONF_THINK = "think"
CONF_THINKING_BUDGET = "thinking_budget"

# Tokens. Small enough for a Raspberry Pi, large enough for a home of 200
# entities and some turns of talk.
DEFAULT_CONTEXT_WINDOW = 4096
# Seconds. A Raspberry Pi 5 reads some 20 prompt tokens a second with a 4B model.
DEFAULT_FIRST_BYTE_TIMEOUT = 300
DEFAULT_SILENCE_TIMEOUT = 60
# Seconds; negative means for good.
DEFAULT_KEEP_ALIVE = -1
DEFAULT_MAX_TOKENS = 512
# Data of a structure is longer than what is spoken.
DEFAULT_TASK_MAX_TOKENS = 1024
# Home control wants the likeliest call, and the same one every time.
DEFAULT_TEMPERATURE = 0.0
# Tokens of thoughts before the answer must come.
DEFAULT_THINKING_BUDGET = 512

LLM_API_HEARTH = DOMAIN

EVENT_BENCHMARK_FINISHED = f"{DOMAIN}_benchmark_finished"
EVENT_PULL_FINISHED = f"{DOMAIN}_pull_finished"
EVENT_TURN_FINISHED = f"{DOMAIN}_turn_finished"
