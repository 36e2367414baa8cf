"""The only place that knows SQL: tables, one writer, repositories, migrations, backup. It opens no seal."""
