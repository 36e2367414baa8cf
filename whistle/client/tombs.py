"""Signed destructions that a case's own chain lacks, for it came back from a backup made before them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from whistle.core.custody import DESTROY
from whistle.crypto.chain import Chain
from whistle.crypto.directory import Directories
from whistle.crypto.encoding import Tag, unb64
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.keys import verify
from whistle.crypto.posts import Post, parse_post


def buried(
    directories: Directories, chain: Chain, served: Iterable[Mapping[str, Any]], table: Mapping[str, Any]
) -> frozenset[str]:
    """The compartments that such posts destroyed. One that is not signed, for this very case, by somebody who may
    destroy in the directory it names, says nothing: what is missing then was kept from the reader."""
    scopes = (post.fields["scope"] for post in _signed(directories, chain, served, table))
    return frozenset(comp for scope in scopes for comp in table["scopes"][scope])


def _signed(
    directories: Directories, chain: Chain, served: Iterable[Mapping[str, Any]], table: Mapping[str, Any]
) -> Iterator[Post]:
    for one in served:
        try:
            post = parse_post(str(one["head"]).encode(), unb64(str(one["sig"]), 64), str(one["body"]).encode())
            if post.kind == DESTROY and post.head["case"] == chain.case and _may_sign(directories, chain, post, table):
                yield post
        except (EnvelopeError, KeyError):
            continue


def _may_sign(directories: Directories, chain: Chain, post: Post, table: Mapping[str, Any]) -> bool:
    author = directories.reader(post.head["dir"], chain.channel_id, post.author)
    if author is None or not set(author["roles"]) & set(table["kinds"][DESTROY]["roles"]):
        return False
    verify(unb64(author["sig"], 32), Tag.POST, post.head_bytes, post.sig)
    return True
