"""Attacks on a submission's own marking: the honest answers beside them keep their marks."""
import json

import pytest

from grading.tests.job_scene import CANARY, IN_TMP, attack_cell, graded, marks

FULL = [1, 2, 4]
PIPES = "[fd for fd in range(3, 256) if os.path.exists(f'/proc/self/fd/{fd}')]"

#: name → a cell between the honest ones, and what its error must say ("" if it has none)
CELLS = {
    "endless loop": ("while True: pass", "stopped after 3 s, the limit for one cell"),
    "endless loop that catches everything": (
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "stopped after 3 s, the limit for one cell"),
    "ignored alarm": (
        "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n"
        "time.sleep(1000)", "stopped after 3 s, the limit for one cell"),
    "stops itself": ("import signal\nos.kill(os.getpid(), signal.SIGSTOP)",
                     "stopped after 3 s, the limit for one cell"),
    "os._exit": ("os._exit(0)", "it ended itself, or crashed"),
    "sys.exit": ("sys.exit(0)", "SystemExit"),
    "kills itself": ("os.kill(os.getpid(), 9)", "it ended itself, or crashed"),
    "kills everybody": ("os.kill(-1, 9)", ""),
    "kills its parents": (
        "for pid in (1, os.getppid()):\n    try:\n        os.kill(pid, 9)\n"
        "    except (PermissionError, ProcessLookupError): pass", ""),
    "crashes": ("import ctypes\nctypes.string_at(0)", "it ended itself, or crashed"),
    "deep recursion": ("def f(): return f()\nf()", "RecursionError"),
    "deep brackets": ("eval('(' * 10**5 + ')' * 10**5)", "Error"),
    "fork bomb": ("while True:\n    os.fork()", ""),
    "threads": ("import threading, time\nfor _ in range(500):\n"
                "    threading.Thread(target=time.sleep, args=(60,)).start()", "can't start new"),
    "memory": ("hoard = bytearray(5 * 2**30)", "MemoryError"),
    "memory of many": (
        "import time\nfor _ in range(12):\n    if os.fork() == 0:\n"
        "        hoard = bytearray(b'x') * (300 * 2**20)\n        time.sleep(60)\ntime.sleep(60)",
        "stopped"),
    "disk": ("with open('/tmp/x', 'wb') as f:\n    while True: f.write(bytes(2**20))", "OSError"),
    "many files": ("for n in range(10**7): open(f'/tmp/{n}', 'w').close()", "stopped"),
    "prints 200 MB": ("for _ in range(2000): print('x' * 100_000)", ""),
    "writes to descriptors": (
        f"for fd in {PIPES}:\n    try:\n        os.write(fd, b'\\xff\\x00 nonsense\\n' * 50)\n"
        "    except OSError: pass", ""),
    "a line without end": (
        f"for fd in {PIPES}:\n    try:\n        for _ in range(400): os.write(fd, b'[' * 60_000)\n"
        "    except OSError: pass", ""),
    "forged verdicts": (
        f"line = b'{json.dumps({'verdict': {'name': 'last', 'share': 1.0}})}\\n'\n"
        f"for fd in {PIPES}:\n    try:\n        os.write(fd, line + b'{{\"done\": true}}\\n')\n"
        "    except OSError: pass", ""),
    "deep messages": (
        f"for fd in {PIPES}:\n    try:\n        os.write(fd, b'[' * 50_000 + b'\\n')\n"
        "        os.write(fd, b'{\"id\":1,\"value\":' + b'[' * 900 + b']' * 900 + b'}\\n')\n"
        "        os.write(fd, b'{\"id\": NaN, \"id\": ' + b'9' * 5000 + b'}\\n')\n"
        "    except OSError: pass", ""),
    "closes descriptors": ("os.closerange(0, 256)", "it ended itself, or crashed"),
    "a daemon": (
        "import time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork(): os._exit(0)\n"
        "    time.sleep(1000)", ""),
    "a thread that forges replies": (
        f"import threading, time\ndef forge():\n    while True:\n        for fd in {PIPES}:\n"
        "            for n in range(9):\n                try:\n"
        "                    os.write(fd, b'{\"id\": %d, \"value\": 5.0}\\n' % (n + 50))\n"
        "                except OSError: pass\n        time.sleep(0.01)\n"
        "threading.Thread(target=forge, daemon=True).start()", ""),
    "replaces modules": (
        "for name in list(sys.modules):\n    if name[:4] in ('json', 'nump'):\n"
        "        sys.modules[name] = None\nimport builtins\nbuiltins.input = None", ""),
    "magics": ("%matplotlib inline\n!rm -rf /\nx = !ls\n%time y = 1\nlen?\ny", ""),
    "no Python": ("for in in in", "SyntaxError"),
    "surrogates": ("print('\\ud800'); raise ValueError('\\udfff')", "ValueError"),
    "an error that lies": (
        "class E(Exception):\n    def __str__(self): raise SystemExit\nraise E()", "E"),
}


@pytest.mark.parametrize("name", CELLS)
def test_an_attack_in_a_cell_changes_no_mark(name):
    code, expected = CELLS[name]
    result = graded(code)
    json.dumps(result).encode("utf-8")
    error = attack_cell(result)["error"]
    assert marks(result) == FULL, result
    assert expected in (error or ""), error
    assert len(attack_cell(result)["output"]) < 5_000


#: name → the body of the function that is asked for; its question has no marks, the others all
CALLS = {
    "loops": "while True: pass",
    "exits": "os._exit(0)",
    "leaves": "sys.exit(0)",
    "is killed": "os.kill(os.getpid(), 9)",
    "raises": "raise ValueError('the input was ' + str(x))",
    "raises its own": "raise type('Input' + str(x).replace('.', '_'), (Exception,), {})()",
    "recurses": "return square(x)",
    "hoards": "return bytearray(5 * 2**30)",
    "returns much": "return [0.0] * 10**7",
    "returns a huge array": "import numpy\n    return numpy.zeros(10**7)",
    "returns deep": "y = []\n    for _ in range(900): y = [y]\n    return y",
    "returns itself": "y = []\n    y.append(y)\n    return y",
    "returns text": "return 'x' * 10**8",
    "returns a module": "return sys",
    "returns nothing": "return None",
    "returns what is equal to all": (
        "class All(float):\n        def __eq__(self, other): return True\n"
        "        __ne__ = __lt__ = __gt__ = lambda self, other: False\n"
        "        def __sub__(self, other): return 0.0\n    return All(1.5)"),
    "returns a liar": (
        "class Liar:\n        def __getattr__(self, name): return self\n"
        "        def __call__(self, *a, **k): return self\n        def __float__(self): return x\n"
        "    return Liar()"),
}


@pytest.mark.parametrize("name", CALLS)
def test_an_attack_in_a_call_costs_its_own_question_only(name):
    result = graded(square=f"def square(x):\n    {CALLS[name]}")
    assert marks(result) == [1, 0, 4], result
    said = json.dumps([result["questions"], result["limits"]])
    assert CANARY not in said
    assert "7.25" not in said
    assert "7_25" not in said


def test_what_is_printed_in_a_call_is_dropped():
    result = graded(square="def square(x):\n    print('input', x)\n    os.write(1, b'input')\n"
                           "    sys.__stdout__.write('input')\n    return x**2")
    assert marks(result) == FULL
    assert "input" not in json.dumps(result["cells"]).replace("print('input'", "").replace(
        "b'input'", "").replace("write('input')", "")


def test_hidden_inputs_do_not_come_back_as_cells_outputs_or_values():
    """The function keeps its inputs, then ends the process: the next one knows nothing."""
    result = graded(last="last = 5.0\nprint(sorted(os.listdir('/tmp')))", square=(
        "def square(x):\n    open(f'/tmp/{x}', 'w').close()\n    os._exit(0)"))
    assert marks(result) == [1, 0, 4]
    assert [c["output"] for c in result["cells"] if c["id"] == "last"] == [f"{IN_TMP}\n"]


def test_values_cannot_change_after_the_hidden_tests_were_seen():
    result = graded(last="last = 0.0", square=(
        "def square(x):\n    global last, first\n    last = 5.0\n    first = 0.0\n    return x**2"))
    assert marks(result) == [1, 2, 0]


def test_searching_memory_finds_no_hidden_test():
    code = ("import gc\nfound = [o for o in gc.get_objects() if isinstance(o, (str, dict)) "
            f"and {CANARY[:-1]!r} + {CANARY[-1]!r} in str(o)[:10**6] and o is not globals()]\n"
            "print('objects', len(found))\n"
            "print([open(f'/proc/{p}/cmdline').read() for p in os.listdir('/proc') "
            "if p.isdigit()])")
    result = graded(code)
    assert marks(result) == FULL
    assert "objects 0" in attack_cell(result)["output"]
    assert "marker" not in attack_cell(result)["output"]


def test_patched_wire_only_hurts_oneself():
    result = graded("from mlebook.exercises import wire, answering\n"
                    "answering.reply = None\nwire.encode = lambda value: {'float': 'all'}\n"
                    "wire.decode = lambda data: 1/0")
    assert max(marks(result)) == 0
    assert result["error"] is None
