"""The words that a person pastes: built from what they said and nothing else, and looked over before they are shown."""

from bot.conversation.letters.compose import Words, compose
from bot.conversation.letters.linter import Context, Finding, lint
from bot.conversation.letters.matter import Kind, Matter
from bot.conversation.letters.requests import Ask, asks

__all__ = ["Ask", "Context", "Finding", "Kind", "Matter", "Words", "asks", "compose", "lint"]
