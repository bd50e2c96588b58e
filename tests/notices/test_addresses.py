"""Webhooks reach the open internet only, however an address inside is dressed up."""

import socket
from ipaddress import ip_address

import pytest

from tasuki.notices.sending.addresses import AddressRefused, is_public, read_address, resolve
from tasuki.notices.sending.webhooks import signature


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::808:808", True),
        ("2002:7f00:1::", False),
        ("2001:0:4136:e378:8000:63bf:80ff:fffe", False),
    ],
)
def test_only_numbers_of_the_open_internet_are_public(number: str, *, expected: bool) -> None:
    assert is_public(ip_address(number)) is expected


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "shape"),
        ("hooks.example.com", "shape"),
        ("ftp://hooks.example.com/", "shape"),
        ("https://", "shape"),
        ("https://user:secret@hooks.example.com/", "shape"),
        ("https://hooks.example.com:99999/", "shape"),
        ("https://hooks.example.com/a b", "shape"),
        ("https://hooks.example.com/\r\nX: 1", "shape"),
        ("https://例え.jp/", "shape"),
        ("https://hooks.example.com/" + "a" * 500, "shape"),
        ("http://hooks.example.com/", "unencrypted"),
    ],
)
def test_an_address_that_cannot_be_used_says_why(url: str, code: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        read_address(url, private=False)

    assert refused.value.code == code


def test_an_address_is_taken_apart() -> None:
    target = read_address("https://hooks.example.com/services/T0?x=1", private=False)
    inside = read_address("http://[::1]:8065/hooks/abc", private=True)

    assert (target.host_header, target.port, target.path) == (
        "hooks.example.com",
        443,
        "/services/T0?x=1",
    )
    assert (inside.host_header, inside.is_encrypted) == ("[::1]:8065", False)


def test_one_inside_number_among_many_refuses_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def answers(*_args: object, **_options: object) -> list[tuple[object, ...]]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, 443))
            for number in ("8.8.8.8", "10.0.0.1")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    target = read_address("https://rebinding.example.com/", private=False)

    with pytest.raises(AddressRefused) as refused:
        resolve(target, private=False)
    assert refused.value.code == "private"
    assert resolve(target, private=True) == "8.8.8.8"


def test_a_name_that_nobody_knows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: object, **_options: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    with pytest.raises(AddressRefused) as refused:
        resolve(read_address("https://nowhere.example.com/", private=False), private=False)
    assert refused.value.code == "unknown_name"


def test_the_signature_is_that_of_the_convention() -> None:
    """The example of the Standard Webhooks specification."""
    made = signature(
        secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        stamp=1614265330,
        body=b'{"test": 2432232314}',
    )

    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
