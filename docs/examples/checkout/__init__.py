"""A shop's checkout that oversells nothing, however many run at once: on SQLite and on PostgreSQL."""
