"""A filter of system calls for the sandbox: what no exercise needs and attacks do.

It forbids new user namespaces, tracing other processes, mounting, loading code into the
kernel, memory that no limit counts (memfd, System V), and sockets other than Unix and
Internet ones (the latter lead nowhere: the network namespace is empty).  Only x86-64 and
64-bit ARM are covered; elsewhere the sandbox runs without it.
"""
from __future__ import annotations

import errno
import platform
import struct

_LOAD, _EQUAL, _ABOVE, _MASK, _RETURN = 0x20, 0x15, 0x35, 0x54, 0x06  # BPF instructions
_ALLOW, _DENY, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
_NEW_USER = 0x10000000  # CLONE_NEWUSER
_FAMILIES = (1, 2, 10)  # AF_UNIX, AF_INET, AF_INET6

#: machine → (audit number, system calls by name)
_MACHINES = {
    "x86_64": (0xC000003E, {
        "socket": 41, "clone": 56, "unshare": 272, "clone3": 435, "forbidden": (
            29, 30, 31,  # shmget, shmat, shmctl
            101,  # ptrace
            139, 153, 155, 163, 165, 166, 167, 168, 169,  # sysfs … mount, umount, swap, reboot
            175, 176, 246, 313, 320,  # modules, kexec
            248, 249, 250,  # keys
            298, 310, 311, 312, 321, 323, 319,  # perf, process_vm, kcmp, bpf, userfaultfd, memfd
            304, 308, 425, 426, 427,  # open_by_handle_at, setns, io_uring
            428, 429, 430, 431, 432, 433, 442, 447)}),  # the new mount interface, memfd_secret
    "aarch64": (0xC00000B7, {
        "socket": 198, "clone": 220, "unshare": 97, "clone3": 435, "forbidden": (
            194, 195, 196, 117, 39, 40, 41, 51, 224, 225, 142, 105, 106, 273, 104, 294,
            217, 218, 219, 241, 270, 271, 272, 280, 282, 279, 265, 268, 425, 426, 427,
            428, 429, 430, 431, 432, 433, 442, 447)}),
}


def program() -> bytes | None:
    """The filter for bwrap's ``--seccomp``; None on a machine that it is not written for."""
    if platform.machine() not in _MACHINES:
        return None
    audit, calls = _MACHINES[platform.machine()]
    deny, nothing = _DENY | errno.EPERM, _DENY | errno.ENOSYS
    lines = [_line(_LOAD, _ARCHITECTURE), _line(_EQUAL, audit, 1, 0), _line(_RETURN, _KILL),
             _line(_LOAD, _NUMBER)]
    if platform.machine() == "x86_64":  # the x32 numbers would walk past the list
        lines += [_line(_ABOVE, 0x40000000, 0, 1), _line(_RETURN, deny)]
    for number in calls["forbidden"]:
        lines += [_line(_EQUAL, number, 0, 1), _line(_RETURN, deny)]
    # clone3 hides its flags in memory; told that it does not exist, the C library uses clone
    lines += [_line(_EQUAL, calls["clone3"], 0, 1), _line(_RETURN, nothing)]
    for number in (calls["clone"], calls["unshare"]):
        lines += [_line(_EQUAL, number, 0, 5), _line(_LOAD, _FIRST_ARGUMENT),
                  _line(_MASK, _NEW_USER), _line(_EQUAL, _NEW_USER, 0, 1),
                  _line(_RETURN, deny), _line(_RETURN, _ALLOW)]
    lines += [_line(_EQUAL, calls["socket"], 0, len(_FAMILIES) + 3), _line(_LOAD, _FIRST_ARGUMENT)]
    for position, family in enumerate(_FAMILIES):
        lines += [_line(_EQUAL, family, len(_FAMILIES) - position, 0)]
    lines += [_line(_RETURN, _DENY | errno.EAFNOSUPPORT), _line(_RETURN, _ALLOW)]
    return b"".join(lines) + _line(_RETURN, _ALLOW)


def _line(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
