"""Fits and scores isolation forests of scikit-learn's when told to, and says how long that took.

Arguments: a file of 32-bit little-endian rows, values in a row, trees, rows a tree, rows to score. On standard input one line per turn,
the threads to use; on standard output the library's version, and then per turn the seconds of the fit and of the scoring. The scores of
the first rows, higher is more anomalous, are left beside the rows as 64-bit numbers.
"""

import sys
import time

import joblib
import numpy as np
import sklearn
from sklearn.ensemble import IsolationForest

path, width, trees, sample, scored = sys.argv[1], *map(int, sys.argv[2:])
rows = np.fromfile(path, "<f4").reshape(-1, width)
print(sklearn.__version__, flush=True)
for line in sys.stdin:
    threads = int(line)
    started = time.perf_counter()
    forest = IsolationForest(n_estimators=trees, max_samples=sample, n_jobs=threads, random_state=1).fit(rows)
    fitted = time.perf_counter()
    with joblib.parallel_config("threading", n_jobs=threads):
        scores = -forest.score_samples(rows[:scored])
    done = time.perf_counter()
    scores.astype("<f8").tofile(path + ".scores")
    print(fitted - started, done - fitted, flush=True)
