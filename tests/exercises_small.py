"""A small exercise as text, for tests that change a line of it and see what happens."""

FRONT = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
exercise:
  title: A small set
---
"""

SMALL = FRONT + """
Two questions. See [the mean squared error](#squared_error.mse) and $x$.

```{code-cell} ipython3
---
role: setup
---
import math

from mlebook.exercises import check
```

+++ {"question": "area", "title": "By hand", "kind": "numbers", "points": 2, "answers": ["area"]}

Give the `area` of the square of $2$, not of [[1, 2], [3, 4]].
See [another chapter](absolute_error).

$$
a = b^2
$$

+++ {"role": "hint"}

Multiply HINTMARK.

```{code-cell} ipython3
---
role: answer
---
side = 2
### BEGIN SOLUTION
area = side**2 + 0 * len("SOLUTIONMARK")
### END SOLUTION
```

+++ {"role": "explanation"}

EXPLANATIONMARK: side times side is [[ value("2 * 2", "d") ]].

```{code-cell} ipython3
---
role: mistake
name: perimeter
share: 0.25
hint: "This is the perimeter: MISTAKEHINT."
---
area = 8 + 0 * len("MISTAKEMARK")
```

```{code-cell} ipython3
---
role: equivalent
---
area = 4.0 + 0 * len("EQUIVALENTMARK")
```

+++ {"question": "double", "title": "Do", "points": 1.5, "kind": "function", "answers": ["double"]}

Write `double(x)`.

```{code-cell} ipython3
---
role: answer
---
def double(x):
    "Twice x."
    ### BEGIN SOLUTION
    marked = "DOUBLEMARK"
    return 2 * x
    ### END SOLUTION
```

```{code-cell} ipython3
---
role: test
---
def cases(rng):
    yield (rng.normal(),)  # TESTMARK
```

+++ {"question": "words", "title": "Explain", "kind": "text", "points": 3}

Say why.

+++ {"role": "answer"}

TEXTMARK because it is so.

+++ {"role": "rubric"}

RUBRICMARK 3 points for a reason.
"""

HIDDEN = FRONT + """
+++ {"question": "double"}

HIDDENPROSE Larger numbers.

```{code-cell} ipython3
---
role: hidden
---
def cases(rng):
    yield (1e6 * rng.normal(),)  # HIDDENMARK
```
"""


def plant(folder, text=SMALL, hidden=HIDDEN, slug="small"):
    """Write the exercise into ``folder/<slug>``; return the folder."""
    (folder / slug).mkdir(parents=True, exist_ok=True)
    (folder / slug / "exercise.md").write_text(text, encoding="utf-8")
    if hidden:
        (folder / slug / "hidden.md").write_text(hidden, encoding="utf-8")
    return folder
