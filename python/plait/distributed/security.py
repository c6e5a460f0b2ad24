"""Who may talk to a cluster. On one machine that is the user who started it: a token in a file that nobody else can read."""

from __future__ import annotations

from typing import Any


class Security:
    """Taken where Dask takes it. A cluster on one machine is open to its user alone, without certificates.

    Parameters
    ----------
    require_encryption : bool, optional
        Whether messages must be encrypted. They never leave the machine, so True is refused.
    **kwargs : object
        Certificates and the like, which are refused, too.

    Raises
    ------
    ValueError
        If encryption or certificates are asked for.
    """

    def __init__(self, require_encryption: bool | None = None, **kwargs: Any):
        unused = [name for name, value in kwargs.items() if value not in (None, {}, False)]
        if require_encryption or unused:
            found = unused[0] if unused else "require_encryption"
            raise ValueError(
                f"Security: {found} is given, but Plait's cluster is on one machine: only its user can connect, and nothing leaves it. "
                "Past one machine the same programs run on engines that have TLS, such as Ray or an existing dask.distributed cluster"
            )
        self.require_encryption = False

    def __repr__(self) -> str:
        return "Security(require_encryption=False)"


def checked(security: Any) -> None:
    """Refuse what is no security, and what asks for encryption."""
    if security is True:
        Security(require_encryption=True)
    elif security is not None and security is not False and not isinstance(security, Security):
        raise TypeError(f"security is {security!r}, expected a Security object")
