"""Makes the ready model that SklearnForestTest loads: scikit-learn's isolation forest, as ONNX, with rows and scores.

    pip install -r requirements.txt
    python isolation_forest.py ../resources/model
"""

import pathlib
import sys

import numpy as np
from onnx.helper import set_model_props
from skl2onnx import to_onnx
from sklearn.ensemble import IsolationForest

target = pathlib.Path(sys.argv[1])
random = np.random.RandomState(20)
ordinary = random.normal(size=(980, 4))
strange = random.uniform(4, 9, size=(20, 4))
rows = np.vstack([ordinary, strange]).astype(np.float32)
forest = IsolationForest(n_estimators=10, max_samples=64, contamination=0.02, random_state=20).fit(rows)

onnx = to_onnx(forest, rows[:1], target_opset={"": 17, "ai.onnx.ml": 3})
set_model_props(onnx, {"features": "f0,f1,f2,f3"})  # ONNX itself names no columns
(target / "sklearn-isolation-forest.onnx").write_bytes(onnx.SerializeToString())

shown = np.vstack([rows[:40], rows[-20:]])
with open(target / "sklearn-isolation-forest.csv", "w") as out:
    out.write("f0,f1,f2,f3,score\n")
    for row, score in zip(shown, -forest.score_samples(shown)):
        out.write(",".join(repr(float(v)) for v in [*row, score]) + "\n")
