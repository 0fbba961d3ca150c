"""The memory of the bot: SQLite behind the Store port."""
