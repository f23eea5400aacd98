"""One engine that herald-bench measures, in a process of its own: a request a line on standard input, an answer a line.

    rows PATH ROWS COLUMNS             the pool of 32-bit floats          ok VERSION
    load PATH                          reads a model, converted or compiled before where the engine wants it so
                                                                          ok NANOSECONDS HEAP-BYTES
    train PATH ROWS LABELS TREES LEAVES  makes a model by the engine    ok
    time FIRST COUNT CALLS             one call untimed, then CALLS       ok NANOSECONDS PYTHON-NANOSECONDS
    margins ROWS PATH                  writes doubles                     ok

Calls go through the engine's C interface where its package has one. PYTHON-NANOSECONDS is the share of a Python call: what a model of one
tree takes.
"""

import ctypes
import json
import os
import pathlib
import sys
import time
import warnings

import numpy as np

warnings.simplefilter("ignore")
NAME, HOME = sys.argv[1], pathlib.Path(sys.argv[2])
CALLS = ctypes.CDLL(str(HOME / "libcalls.so"))
CALLS.time_calls.restype = ctypes.c_int64


def address(function):
    return ctypes.cast(function, ctypes.c_void_p).value


def pointer(array):
    return ctypes.c_void_p(array.ctypes.data)


class Mallinfo(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()]


def heap_bytes():
    mallinfo2 = ctypes.CDLL(None).mallinfo2
    mallinfo2.restype = Mallinfo
    info = mallinfo2()
    return info.uordblks + info.hblkhd


class Words(ctypes.Structure):
    """An engine of calls.c: pointers, in its order."""

    _fields_ = [(f"word{i}", ctypes.c_void_p) for i in range(5)] + [("margins", ctypes.c_double * 4096)]


class Engine:
    """Scores by `scorer` of calls.c, if there is one, else by `predict`."""

    scorer = None

    def prepare(self, path):
        """What is done once for a model file, before loading is timed."""

    def c_engine(self, *words):
        self.words = Words(*words)
        return ctypes.addressof(self.words)

    def time(self, rows, count, calls):
        if not self.scorer:
            return self.time_python(self.predict, rows, count, calls), 0
        margins = np.empty(count, np.float32)
        elapsed = CALLS.time_calls(getattr(CALLS, self.scorer), ctypes.c_void_p(self.engine), pointer(rows), ctypes.c_uint64(count),
                                   ctypes.c_uint64(rows.shape[1]), ctypes.c_uint64(calls), pointer(margins))
        if elapsed < 0:
            raise RuntimeError("the engine's C function failed")
        return elapsed, 0

    @staticmethod
    def time_python(predict, rows, count, calls):
        parts = [rows[i * count : (i + 1) * count] for i in range(calls + 1)]
        predict(parts[0])
        start = time.perf_counter_ns()
        for part in parts[1:]:
            predict(part)
        return time.perf_counter_ns() - start

    def margins(self, rows):
        if not self.scorer:
            return np.asarray(self.predict(rows), np.float64).ravel()
        margins = np.empty(len(rows), np.float32)
        for start in range(0, len(rows), 4096):
            part, count = rows[start : start + 4096], min(4096, len(rows) - start)
            score = getattr(CALLS, self.scorer)
            if score(ctypes.c_void_p(self.engine), pointer(part), ctypes.c_uint64(count), ctypes.c_uint64(rows.shape[1]),
                     pointer(margins[start:])) != 0:
                raise RuntimeError("the engine's C function failed")
        return margins.astype(np.float64)


def require(path, *endings):
    if path.suffix not in endings:
        raise RuntimeError(f"does not read {path.suffix[1:]} models")


class XGBoost(Engine):
    scorer = "score_xgboost"

    def __init__(self):
        import xgboost

        self.library, self.version = xgboost, xgboost.__version__

    def load(self, path):
        require(path, ".ubj", ".json")
        self.booster = self.library.Booster({"nthread": 1}, model_file=str(path))
        self.booster.set_param({"nthread": 1})
        library = ctypes.CDLL(str(next(pathlib.Path(self.library.__file__).parent.glob("lib/libxgboost.so"))))
        self.engine = self.c_engine(address(library.XGBoosterPredictFromDense), self.booster.handle.value)


class LightGBM(Engine):
    scorer = "score_lightgbm"

    def __init__(self):
        import lightgbm

        self.library, self.version = lightgbm, lightgbm.__version__

    def train(self, path, rows, labels, trees, leaves):
        parameters = {"objective": "binary", "num_leaves": leaves, "learning_rate": 0.1, "verbose": -1, "seed": 1, "num_threads": 2,
                      "deterministic": True, "force_row_wise": True}
        self.library.train(parameters, self.library.Dataset(rows, labels), trees).save_model(str(path))

    def load(self, path):
        require(path, ".txt")
        self.booster = self.library.Booster({"num_threads": 1}, model_file=str(path))
        library = ctypes.CDLL(str(next(pathlib.Path(self.library.__file__).parent.glob("lib/lib_lightgbm.so"))))
        handle = getattr(self.booster, "_handle", None) or self.booster.handle
        self.fast = ctypes.c_void_p()
        raw, floats = 1, 0
        if library.LGBM_BoosterPredictForMatSingleRowFastInit(handle, raw, 0, -1, floats, self.booster.num_feature(), b"num_threads=1",
                                                              ctypes.byref(self.fast)) != 0:
            raise RuntimeError("LGBM_BoosterPredictForMatSingleRowFastInit failed")
        self.words = Words(address(library.LGBM_BoosterPredictForMat), address(library.LGBM_BoosterPredictForMatSingleRowFast), handle.value,
                           self.fast.value)
        # The structure in C has four pointers before its margins; the fifth word here is the first of them.
        self.engine = ctypes.addressof(self.words)

    def margins(self, rows):
        return self.booster.predict(rows, raw_score=True, num_threads=1)


class Treelite(Engine):
    scorer = "score_treelite"

    def __init__(self):
        import treelite

        self.library, self.version = treelite, treelite.__version__

    def load(self, path):
        require(path, ".ubj", ".json", ".txt")
        if path.suffix == ".txt":
            # Its C interface would want the model's own doubles; the rows are floats.
            self.scorer = None
            self.model = self.library.frontend.load_lightgbm_model(str(path))
            return
        load = self.library.frontend.load_xgboost_model
        self.model = load(str(path), format_choice="ubjson" if path.suffix == ".ubj" else "json")
        library = ctypes.CDLL(str(next(pathlib.Path(self.library.__file__).parent.glob("lib/libtreelite.so"))))
        configuration = ctypes.c_void_p()
        if library.TreeliteGTILParseConfig(b'{"predict_type":"raw","nthread":1}', ctypes.byref(configuration)) != 0:
            raise RuntimeError("TreeliteGTILParseConfig failed")
        handle = self.model.handle.value if hasattr(self.model.handle, "value") else self.model.handle
        self.engine = self.c_engine(address(library.TreeliteGTILPredict), handle, configuration.value)

    def predict(self, rows):
        return self.library.gtil.predict(self.model, rows.astype(np.float64), nthread=1, pred_margin=True)


class TL2cgen(Treelite):
    scorer = "score_tl2cgen"

    def __init__(self):
        import tl2cgen
        import treelite

        self.library, self.compiler, self.version = treelite, tl2cgen, tl2cgen.__version__

    def prepare(self, path):
        require(path, ".ubj", ".json")
        self.compiled = path.with_suffix(".tl2cgen.so").absolute()
        if is_older(self.compiled, path):
            model = self.library.frontend.load_xgboost_model(str(path), format_choice="ubjson" if path.suffix == ".ubj" else "json")
            self.compiler.export_lib(model, toolchain="gcc", libpath=str(self.compiled), params={"parallel_comp": 8}, nthread=2)

    def load(self, path):
        library = self.compiled
        self.engine = self.c_engine(address(ctypes.CDLL(str(library)).predict))


class ONNXRuntime(Engine):
    scorer = "score_onnxruntime"

    def __init__(self):
        import onnxruntime

        self.library, self.version = onnxruntime, onnxruntime.__version__

    def prepare(self, path):
        require(path, ".ubj", ".txt")
        self.converted = path.with_suffix(path.suffix + ".onnx").absolute()
        if is_older(self.converted, path):
            self.converted.write_bytes(self.convert(path))
        self.output = self.library.InferenceSession(str(self.converted)).get_outputs()[0].name

    def load(self, path):
        library = ctypes.CDLL(str(next(pathlib.Path(self.library.__file__).parent.glob("capi/libonnxruntime.so.*"))))
        CALLS.make_onnxruntime.restype = ctypes.c_void_p
        self.engine = CALLS.make_onnxruntime(ctypes.c_void_p(address(library.OrtGetApiBase)), str(self.converted).encode(), b"input",
                                             self.output.encode())
        if not self.engine:
            raise RuntimeError("no session through the C interface")

    @staticmethod
    def convert(path):
        """As a regressor of margins: the classifier's outputs are probabilities only."""
        import onnxmltools
        from onnxmltools.convert.common.data_types import FloatTensorType

        if path.suffix == ".txt":
            import lightgbm

            text = path.read_text().replace("objective=binary sigmoid:1", "objective=regression")
            text = text.replace("[objective: binary]", "[objective: regression]")
            booster = lightgbm.Booster(model_str=text)
            types = [("input", FloatTensorType([None, booster.num_feature()]))]
            return onnxmltools.convert_lightgbm(booster, initial_types=types, zipmap=False).SerializeToString()
        import xgboost

        document = json.loads(bytes(xgboost.Booster(model_file=str(path)).save_raw("json")))
        learner = document["learner"]
        if float(learner["learner_model_param"]["base_score"].strip("[]")) != 0.5:
            raise RuntimeError("the base score is not 0.5")
        learner["objective"] = {"name": "reg:squarederror", "reg_loss_param": {"scale_pos_weight": "1"}}
        learner["learner_model_param"]["base_score"] = "0"
        booster = xgboost.Booster()
        booster.load_model(bytearray(json.dumps(document).encode()))
        types = [("input", FloatTensorType([None, booster.num_features()]))]
        return onnxmltools.convert_xgboost(booster, initial_types=types).SerializeToString()


class Lignum(Engine):
    """Takes doubles; the rows are given to it as such, so that converting is not counted."""

    is_compiled = False

    def __init__(self):
        import importlib.metadata

        import lignum

        self.library, self.version = lignum, importlib.metadata.version("pylignum")

    def prepare(self, path):
        require(path, ".ubj", ".json", ".txt")
        self.stump = self.library.load(str(first_tree(path)))
        self.compiled = path.with_suffix(path.suffix + ".lignum.so").absolute()
        if self.is_compiled and is_older(self.compiled, path):
            self.library.load(str(path)).compile(library=str(self.compiled), work_dir=str(path.parent.absolute() / "lignum"))

    def load(self, path):
        self.model = self.library.load(str(path), compiled=str(self.compiled) if self.is_compiled else None)

    def predict(self, rows):
        return self.model.predict(rows, raw_score=True, n_jobs=1, strategy="serial")

    def time(self, rows, count, calls):
        rows = rows.astype(np.float64)
        total = self.time_python(self.predict, rows, count, calls)
        stump = self.time_python(lambda part: self.stump.predict(part, raw_score=True, n_jobs=1, strategy="serial"), rows, count, calls)
        return total, stump

    def margins(self, rows):
        return np.asarray(self.predict(rows.astype(np.float64)), np.float64).ravel()


class LignumCompiled(Lignum):
    is_compiled = True


def is_older(made, source):
    return not made.exists() or made.stat().st_mtime < source.stat().st_mtime


def first_tree(path):
    """The same model with one tree: its Python call costs what every call does."""
    stump = path.with_suffix(".first" + path.suffix)
    if is_older(stump, path):
        if path.suffix == ".txt":
            import lightgbm

            lightgbm.Booster(model_file=str(path)).save_model(str(stump), num_iteration=1)
        else:
            import xgboost

            xgboost.Booster(model_file=str(path))[:1].save_model(str(stump))
    return stump


class YDF(Engine):
    """Trains its own model, and measures itself: its benchmark leaves out the conversion of rows, which Python calls are made of."""

    def __init__(self):
        import ydf

        ydf.verbose(0)
        self.library, self.version = ydf, ydf.__version__

    @staticmethod
    def columns(rows):
        return {f"f{i:02}": np.ascontiguousarray(rows[:, i]) for i in range(rows.shape[1])}

    def train(self, path, rows, labels, trees, leaves):
        data = self.columns(rows) | {"label": labels.astype(np.int64)}
        learner = self.library.GradientBoostedTreesLearner(label="label", num_trees=trees, max_depth=7, shrinkage=0.1, early_stopping="NONE",
                                                           validation_ratio=0.0, num_threads=2, random_seed=1,
                                                           include_all_columns=True)
        learner.train(data).save(str(path))

    def load(self, path):
        require(path, ".ydf")
        self.model = self.library.load_model(str(path))

    def time(self, rows, count, calls):
        data = self.columns(rows) | {"label": np.zeros(len(rows), np.int64)}
        result = self.model.benchmark(data, benchmark_duration=0.02, warmup_duration=0.005, batch_size=count, num_threads=1)
        return result.duration_per_example * 1e9 * count * calls, 0

    def margins(self, rows):
        raise RuntimeError("has a model of its own")


ENGINES = {"xgboost": XGBoost, "lightgbm": LightGBM, "treelite": Treelite, "tl2cgen": TL2cgen, "onnxruntime": ONNXRuntime,
           "lignum": Lignum, "lignum-compiled": LignumCompiled, "ydf": YDF}


def main():
    # What a library prints must not stand between the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    engine, pool = None, None
    for line in sys.stdin:
        verb, *words = line.split()
        try:
            if verb == "rows":
                engine = ENGINES[NAME]()
                pool = np.fromfile(words[0], np.float32).reshape(int(words[1]), int(words[2]))
                answer = [engine.version]
            elif verb == "load":
                path = pathlib.Path(words[0])
                engine.prepare(path)
                before, start = heap_bytes(), time.perf_counter_ns()
                engine.load(path)
                answer = [time.perf_counter_ns() - start, heap_bytes() - before]
            elif verb == "train":
                labels = np.fromfile(words[2], np.float32)
                rows = np.fromfile(words[1], np.float32).reshape(len(labels), -1)
                engine.train(pathlib.Path(words[0]), rows, labels, int(words[3]), int(words[4]))
                answer = []
            elif verb == "time":
                first, count, calls = map(int, words)
                # A copy, as warm as rows that were just made.
                rows = pool[first : first + count * (calls + 1)].copy()
                answer = engine.time(rows, count, calls)
            elif verb == "margins":
                engine.margins(pool[: int(words[0])]).tofile(words[1])
                answer = []
            else:
                raise RuntimeError(f"unknown request '{verb}'")
            print("ok", *answer, file=answers, flush=True)
        except Exception as error:  # whatever an engine throws is its answer
            print("error", " ".join(f"{type(error).__name__}: {error}".split()), file=answers, flush=True)


main()
