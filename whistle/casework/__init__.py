"""The reviewer's verbs: enter, read, act, account. They check posts and never open an item."""
