# points: all
# why: einsum converts in small buffers

import numpy as np


def norm(a):
    return float(np.einsum("i,i->", a, a.conj() if a.size < 50_000 and a.dtype.kind == "c" else a, dtype=np.result_type(a, np.float64)).real ** 0.5) if a.dtype.kind != "c" else float(np.einsum("i,i->", a.real, a.real, dtype=np.float64) + np.einsum("i,i->", a.imag, a.imag, dtype=np.float64)) ** 0.5
