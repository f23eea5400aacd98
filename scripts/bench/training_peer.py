"""What `herald train` does, in pandas, NumPy, scikit-learn and XGBoost: rows to artifact, for herald-bench to measure.

    training_peer.py train DATA.csv FOLDER MANIFEST PATIENCE           the artifact, with the parameters of the manifest that Herald wrote
                                                                       for these rows, and a JSON line for each stage as it begins
    training_peer.py compare DATA.csv ROWS.csv PART                    the features against those that `herald models rows` wrote

Columns, periods, parameters, baselines, calibration and metrics are Herald's. Features know what was known at the decision, and no more.
Without Herald's bootstrap, explanations, learning curve, drift reference and report.
"""

import argparse
import hashlib
import json
import pathlib
import sys


def stage(name):
    print(json.dumps({"phase": name}), flush=True)


if __name__ == "__main__":
    stage("starting")

import numpy as np
import pandas as pd

STATUSES = "none delivered soft_bounce hard_bounce timeout throttled rejected unregistered".split()
CHANNELS = "email sms push".split()
TEMPLATES = "otp transactional alert marketing".split()
CLASSES = "accepted transient route unknown permanent".split()
# Minutes from UTC to standard time: as in CountryCode+time.swift.
OFFSETS = {
    -660: "AS NU UM", -600: "CK PF", -480: "PN", -360: "BZ CR GT HN MX NI SV", -300: "BS CA CO CU EC HT JM KY PA PE TC US",
    -240: "AG AI AW BB BL BM BO BQ CL CW DM DO GD GP GY KN LC MF MQ MS PR SX TT VC VE VG VI", -180: "AR BR FK GF PM PY SR UY",
    -120: "GL GS", -60: "CV", 0: "AQ BF CI FO GB GG GH GM GN GW IE IM IS JE LR ML MR PT SH SL SN ST TG",
    60: "AD AL AO AT BA BE BJ BV CD CF CG CH CM CZ DE DK DZ EH ES FR GA GI GQ HR HU IT LI LU MA MC ME MK MT NE NG NL NO PL RS SE SI SJ SK "
        "SM TD TN VA",
    120: "AX BG BI BW CY EE EG FI GR IL LB LS LT LV LY MD MW MZ NA PS RO RW SD SS SZ UA ZA ZM ZW",
    180: "BH BY DJ ER ET IQ JO KE KM KW MG QA RU SA SO SY TR TZ UG YE YT", 210: "IR", 240: "AE AM AZ GE MU OM RE SC", 270: "AF",
    300: "HM KZ MV PK TF TJ TM UZ", 330: "IN LK", 345: "NP", 360: "BD BT IO KG", 390: "CC MM", 420: "CX ID KH LA TH VN",
    480: "BN CN HK MN MO MY PH SG TW", 540: "JP KP KR PW TL", 600: "AU GU MP PG", 660: "FM NC NF SB VU", 720: "FJ KI MH NR NZ TV WF",
    780: "TK TO WS",
}  # fmt: skip
PARTS = "training validation calibration test".split()
# Shares of the rows behind the periods' beginnings.
STARTS = [0.65, 0.75, 0.85]
HALF_LIVES = {"short": 1_200_000, "long": 172_800_000}
TOLERANCE = 5000
# A weight of 2^900 is still a double, and so is a sum of a million of them times a latency.
EPOCH_HALF_LIVES = 900


# Features


def milliseconds(column):
    """Of an RFC 3339 column; NaN where empty."""
    times = pd.to_datetime(column, format="ISO8601", utc=True)
    numbers = times.dt.tz_localize(None).to_numpy().astype("datetime64[ms]").astype(np.int64).astype(np.float64)
    numbers[times.isna().to_numpy()] = np.nan
    return numbers


def index_of(column, words):
    return pd.Categorical(column, categories=words).codes.astype(np.int32)


def missing_below_zero(codes):
    return np.where(codes < 0, np.nan, codes).astype(np.float32)


def response_class(code, email):
    """As in ResponseClass.swift."""
    if email and not 400 <= code <= 419 and code != 429:
        if 200 <= code <= 299:
            return "accepted"
        if code in (421, 432, 454) or 500 <= code <= 504 or code in (530, 534, 535, 538, 555):
            return "route"
        if 420 <= code <= 499 or code == 552:
            return "transient"
        return "permanent" if code in (521, 551, 553, 556) else "unknown"
    if 200 <= code <= 299:
        return "accepted"
    if code in (408, 425, 429):
        return "transient"
    if code in (401, 402, 403, 407) or 500 <= code <= 599:
        return "route"
    return "permanent" if code in (404, 410, 413) else "unknown"


class Decayed:
    """Decayed sums of one key's outcomes, at any time: forward decay, anew every 900 half-lives so that no weight overflows."""

    def __init__(self, times, values, half_life):
        self.half_life = half_life
        self.origin = times[0]
        length = EPOCH_HALF_LIVES * half_life
        self.epochs = ((times - self.origin) // length).astype(np.int64)
        self.starts = self.origin + self.epochs * length
        weighted = values * np.exp2((times - self.starts) / half_life)
        bounds = np.flatnonzero(np.diff(self.epochs)) + 1
        self.sums = np.empty_like(weighted)
        before = None
        for first, last in zip(np.r_[0, bounds], np.r_[bounds, len(times)]):
            part = np.cumsum(weighted[:, first:last], axis=1)
            if before is not None:
                part += (before * np.exp2(-EPOCH_HALF_LIVES * float(self.epochs[first] - self.epochs[first - 1])))[:, None]
            self.sums[:, first:last] = part
            before = part[:, -1]

    def at(self, positions, now):
        """Outcomes, success rate, latency and throttle rate after the outcome at each position."""
        outcomes, successes, throttled, timed, latency = self.sums[:, positions]
        fading = np.exp2((self.starts[positions] - now) / self.half_life)
        has_latency = timed > 0
        return (
            successes / outcomes, outcomes * fading, np.divide(latency, timed, out=np.full(len(now), np.nan), where=has_latency),
            throttled / outcomes,
        )  # fmt: skip


def health(keys, event_rows, event_times, event_values, decided_at, with_since):
    """Columns of one scope for every row: four for each window, and seconds since the last success; NaN and 0 without evidence.

    `keys` is of every row; events are the rows `event_rows`, in the order of `event_times`.
    """
    count = len(keys)
    columns = {
        (window, value): np.full(count, 0.0 if value == "outcomes" else np.nan, np.float32)
        for window in HALF_LIVES
        for value in ("success_rate", "outcomes", "latency_ms", "throttle_rate")
    }
    since = np.full(count, np.nan, np.float32)
    event_keys = keys[event_rows]
    by_event = np.argsort(event_keys, kind="stable")
    by_row = np.argsort(keys, kind="stable")
    kinds = int(keys.max()) + 1
    event_bounds = np.searchsorted(event_keys[by_event], np.arange(kinds + 1))
    row_bounds = np.searchsorted(keys[by_row], np.arange(kinds + 1))
    for key in range(kinds):
        events = by_event[event_bounds[key] : event_bounds[key + 1]]
        rows = by_row[row_bounds[key] : row_bounds[key + 1]]
        if len(events) == 0 or len(rows) == 0:
            continue
        times = event_times[events]
        now = decided_at[rows]
        positions = np.searchsorted(times, now - TOLERANCE, side="right") - 1
        known = positions >= 0
        rows, now, positions = rows[known], now[known], positions[known]
        values = event_values[:, events]
        for window, half_life in HALF_LIVES.items():
            rate, outcomes, latency, throttled = Decayed(times, values, half_life).at(positions, now)
            columns[window, "success_rate"][rows] = rate
            columns[window, "outcomes"][rows] = outcomes
            columns[window, "latency_ms"][rows] = latency
            columns[window, "throttle_rate"][rows] = throttled
        if with_since:
            successes = np.maximum.accumulate(np.where(values[1] > 0, times, -np.inf))
            last = successes[positions]
            since[rows] = np.where(np.isfinite(last), (now - last) / 1000, np.nan)
    return columns, since


class Rows:
    """The feature matrix of all rows with an outcome, their labels, notifications and periods."""

    def __init__(self, path):
        stage("surveying")
        words = "channel provider recipient_country template_type last_status status".split()
        # A country's code may be NA.
        table = pd.read_csv(
            path, dtype={"job_id": str, "notification_id": str, **{word: "category" for word in words}}, keep_default_na=False,
            na_values={name: [""] for name in "response_code latency_ms outcome_response_code outcome_latency_ms propensity status".split()},
            usecols=lambda name: name not in ("job_id", "recipient", "logging_policy"))  # fmt: skip
        self.sha256 = hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()
        matured = table["status"].notna().to_numpy()
        notification = pd.factorize(table["notification_id"])[0]
        created_at = milliseconds(table["created_at"])
        part, validation_from = self.periods(notification, created_at, matured)
        early = matured & (created_at < validation_from)
        countries = sorted(table["recipient_country"][early].unique())
        providers = sorted(table["provider"][early].unique())
        stage("reading")
        self.vocabularies = {
            "channel": CHANNELS, "provider": providers, "recipient_country": countries, "template_type": TEMPLATES,
            "last_status": STATUSES, "response_class": CLASSES,
        }  # fmt: skip
        columns = self.job(table, created_at, notification)
        columns |= self.live_health(table, matured)
        self.names = list(columns)
        self.features = np.column_stack([column[matured] for column in columns.values()])
        self.labels = (table["status"] == "delivered").to_numpy()[matured].astype(np.float32)
        self.notifications = notification[matured]
        self.part = part[matured]

    @staticmethod
    def periods(notification, created_at, matured):
        """Of each row, by the creation of its notification; and when validation begins."""
        count = notification.max() + 1
        created = np.full(count, np.inf)
        np.minimum.at(created, notification[matured], created_at[matured])
        rows = np.bincount(notification[matured], minlength=count)
        order = np.argsort(created, kind="stable")
        order = order[rows[order] > 0]
        before = np.cumsum(rows[order]) - rows[order]
        begins = [created[order][np.argmax(before >= start * matured.sum())] for start in STARTS]
        return np.searchsorted(begins, created[notification], side="right"), begins[0]

    def job(self, table, created_at, notification):
        decided_at = milliseconds(table["send_time"])
        delay = table["delay_ms"].to_numpy(np.float64)
        attempt_at = decided_at + delay
        email = (table["channel"] == "email").to_numpy()
        code = table["response_code"].to_numpy(np.float64)
        kinds = pd.DataFrame({"code": code, "email": email})
        known = kinds.dropna().drop_duplicates()
        known["kind"] = [CLASSES.index(response_class(int(code), email)) for code, email in zip(known["code"], known["email"])]
        offsets = {country: minutes for minutes, codes in OFFSETS.items() for country in codes.split()}
        categories = table["recipient_country"].cat
        offset = np.array([offsets.get(country, np.nan) for country in categories.categories])[categories.codes] * 60_000
        local = attempt_at + offset
        previous = table["previous_attempts"].to_numpy()
        self.decided_at, self.attempt_at = decided_at, attempt_at
        columns = {
            "channel": index_of(table["channel"], CHANNELS),
            "provider": missing_below_zero(index_of(table["provider"], self.vocabularies["provider"])),
            "recipient_country": missing_below_zero(index_of(table["recipient_country"], self.vocabularies["recipient_country"])),
            "template_type": index_of(table["template_type"], TEMPLATES),
            "payload_size": table["payload_size"].to_numpy(),
            "previous_attempts": previous,
            "last_status": index_of(table["last_status"], STATUSES),
            "response_code": code,
            "response_class": kinds.merge(known, how="left", on=["code", "email"])["kind"].to_numpy(),
            "latency_ms": table["latency_ms"].to_numpy(np.float64),
            "delay_s": delay / 1000,
            "since_last_attempt_s": (attempt_at - milliseconds(table["last_attempt_at"])) / 1000,
            "age_s": (attempt_at - created_at) / 1000,
            "until_expiry_s": (milliseconds(table["expires_at"]) - attempt_at) / 1000,
            "hour_utc": attempt_at % 86_400_000 // 1000 / 3600,
            "hour_local": local % 86_400_000 // 1000 / 3600,
            "weekday_local": (local // 86_400_000 + 3) % 7,
            "is_callers_provider": self.is_callers_provider(table, notification, previous),
        }
        return {name: np.asarray(column, np.float32) for name, column in columns.items()}

    @staticmethod
    def is_callers_provider(table, notification, previous):
        """Whether a retry goes by the route of the notification's last attempt, if that failed; NaN for first attempts."""
        provider = table["provider"].cat.codes.to_numpy()
        failed = (table["status"] != "delivered").to_numpy()
        order = np.argsort(notification, kind="stable")
        follows = np.zeros(len(order), bool)
        follows[1:] = (
            (notification[order][1:] == notification[order][:-1]) & failed[order][:-1]
            & (previous[order][1:] == previous[order][:-1] + 1)
        )  # fmt: skip
        same = np.ones(len(order))
        same[1:] = np.where(follows[1:], provider[order][1:] == provider[order][:-1], 1)
        result = np.empty(len(order))
        result[order] = same
        return np.where(previous == 0, np.nan, result)

    def live_health(self, table, matured):
        provider = table["provider"].cat.codes.to_numpy(np.int64)
        country = table["recipient_country"].cat.codes.to_numpy(np.int64)
        countries = len(table["recipient_country"].cat.categories)
        channel, template = index_of(table["channel"], CHANNELS), index_of(table["template_type"], TEMPLATES)
        latency = table["outcome_latency_ms"].to_numpy(np.float64)
        occurred_at = self.attempt_at + np.floor(np.nan_to_num(latency) + 0.5)
        rows = np.flatnonzero(matured)
        rows = rows[np.argsort(occurred_at[rows], kind="stable")]
        status = table["status"].to_numpy()[rows]
        # A timeout's latency is the caller's patience.
        timed = ~np.isnan(latency[rows]) & (status != "timeout")
        values = np.stack([
            np.ones(len(rows)), status == "delivered", status == "throttled", timed, np.where(timed, latency[rows], 0),
        ]).astype(np.float64)  # fmt: skip
        scopes = {
            "provider": provider, "provider_country": provider * countries + country, "provider_template": provider * len(TEMPLATES) + template,
            "channel_country": channel * countries + country,
        }  # fmt: skip
        columns, sinces = {}, {}
        for scope, keys in scopes.items():
            has_since = scope in ("provider", "provider_country")
            readings, since = health(keys, rows, occurred_at[rows], values, self.decided_at, has_since)
            for (window, value), column in readings.items():
                columns[f"{scope}_{value}_{window}"] = column
            if has_since:
                sinces[f"{scope}_since_success_s"] = since
        # Without evidence of its own, a way into a country or with a template is what its provider is, with a count of 0.
        for scope in ("provider_country", "provider_template"):
            empty = columns[f"{scope}_outcomes_long"] == 0
            for window in HALF_LIVES:
                for value in ("success_rate", "latency_ms", "throttle_rate"):
                    column = columns[f"{scope}_{value}_{window}"]
                    column[empty] = columns[f"provider_{value}_{window}"][empty]
        since = sinces["provider_country_since_success_s"]
        empty = columns["provider_country_outcomes_long"] == 0
        since[empty] = sinces["provider_since_success_s"][empty]
        return columns | sinces

    def of(self, part):
        return self.part == PARTS.index(part)


# Models


class Fit:
    """What every stage of a training run shares."""

    FOREST_TREES = 60

    def __init__(self, rows, run, patience):
        import xgboost

        self.xgboost, self.rows, self.patience = xgboost, rows, patience
        self.given = dict(run["parameters"])
        self.trees, self.bins = int(self.given.pop("maximum_trees")), int(self.given.pop("max_bin"))
        self.given["max_depth"] = int(self.given["max_depth"])
        self.monotone, self.threads, self.seed = run["monotone"], run["threads"], run["seed"]
        self.x = {part: rows.features[rows.of(part)] for part in PARTS}
        self.y = {part: rows.labels[rows.of(part)] for part in PARTS}
        self.groups = {part: rows.notifications[rows.of(part)] for part in PARTS}
        rows.features = None
        self.rate = float(self.y["training"].mean())
        self.training = xgboost.QuantileDMatrix(self.x["training"], self.y["training"], nthread=self.threads, max_bin=self.bins)
        self.validation = xgboost.QuantileDMatrix(
            self.x["validation"], self.y["validation"], nthread=self.threads, max_bin=self.bins, ref=self.training)

    def parameters(self, **changes):
        directions = ",".join(str(self.monotone.get(name, 0)) for name in self.rows.names)
        return self.given | {
            "objective": "binary:logistic", "tree_method": "hist", "base_score": self.rate, "max_bin": self.bins, "seed": self.seed,
            "nthread": self.threads, "eval_metric": "logloss", "verbosity": 0, "monotone_constraints": f"({directions})",
        } | changes  # fmt: skip

    def boost(self):
        booster = self.xgboost.train(
            self.parameters(), self.training, self.trees, evals=[(self.validation, "validation")], early_stopping_rounds=self.patience,
            verbose_eval=False)  # fmt: skip
        self.loss = booster.best_score
        return booster[: booster.best_iteration + 1]

    def forest(self):
        parameters = self.parameters(eta=1.0, max_depth=10, subsample=0.5, colsample_bytree=0.5, num_parallel_tree=self.FOREST_TREES)
        return self.xgboost.train(parameters, self.training, 1)

    def margins(self, booster, part):
        return booster.inplace_predict(self.x[part], predict_type="margin")

    def logistic_regression(self):
        from sklearn.linear_model import LogisticRegression

        encoding = Encoding(self.rows, self.x["training"])
        # On these rows faster than lbfgs and than gblinear, both of which stop short of the minimum.
        model = LogisticRegression(C=1.0, solver="newton-cholesky", max_iter=25)
        model.fit(encoding.encode(self.x["training"]), self.y["training"])
        return {part: model.decision_function(encoding.encode(self.x[part])) for part in ("calibration", "test")}


class Encoding:
    """One indicator a word, sine and cosine of what is cyclic, standardised numbers or logarithms, and an indicator of what is missing."""

    PERIODS = {"hour_utc": 24, "hour_local": 24, "weekday_local": 7}

    def __init__(self, rows, x):
        self.names, self.vocabularies = rows.names, rows.vocabularies
        sample = x[:: max(1, len(x) // 100_000)].astype(np.float64)
        self.numbers = {}
        for index, name in enumerate(self.names):
            if name in self.vocabularies or name in self.PERIODS:
                continue
            values = sample[:, index]
            values = values[~np.isnan(values)]
            is_logarithm = len(values) > 0 and values.min() >= 0 and values.max() > 20 * values.mean()
            used = np.log1p(values) if is_logarithm else values
            deviation = used.std() if len(used) else 0
            self.numbers[index] = (is_logarithm, used.mean() if len(used) else 0, 1 / deviation if deviation > 0 else 0)

    def encode(self, x):
        columns = []
        for index, name in enumerate(self.names):
            values = x[:, index]
            missing = np.isnan(values)
            if name in self.vocabularies:
                codes = np.where(missing, -1, values).astype(np.int32)
                columns += [codes == word for word in range(len(self.vocabularies[name]))]
            elif name in self.PERIODS:
                turn = 2 * np.pi / self.PERIODS[name] * values
                columns += [np.where(missing, 0, np.sin(turn)), np.where(missing, 0, np.cos(turn))]
            else:
                is_logarithm, mean, scale = self.numbers[index]
                used = np.log1p(np.maximum(values, 0)) if is_logarithm else values
                columns.append(np.where(missing, 0, (used - mean) * scale))
            columns.append(missing)
        encoded = np.empty((len(x), len(columns)), np.float32, order="F")
        for index, column in enumerate(columns):
            encoded[:, index] = column
        return encoded


# Calibration and metrics


def probability(margins):
    return 1 / (1 + np.exp(-np.asarray(margins, np.float64)))


def losses(probabilities, labels):
    return -np.log(np.maximum(np.where(labels == 1, probabilities, 1 - probabilities), 1e-9))


class Identity:
    name = "identity"

    def __init__(self, margins, labels):
        self.at = probability


class Platt:
    name = "platt"

    def __init__(self, margins, labels):
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(C=np.inf, solver="newton-cholesky").fit(np.asarray(margins, np.float64)[:, None], labels)
        self.slope, self.intercept = float(model.coef_[0, 0]), float(model.intercept_[0])
        self.at = lambda margins: probability(self.slope * np.asarray(margins, np.float64) + self.intercept)


class Isotonic:
    name = "isotonic"

    def __init__(self, margins, labels):
        from sklearn.isotonic import IsotonicRegression

        # No rate is ever 0 or 1.
        least = 1 / (len(labels) + 2)
        self.model = IsotonicRegression(y_min=least, y_max=1 - least, out_of_bounds="clip").fit(margins, labels)
        self.at = self.model.predict


def calibrate(margins, labels, groups, seed):
    """The kind with the lowest log loss in five-fold cross-validation by notification."""
    folds = np.random.default_rng(seed).integers(0, 5, groups.max() + 1)[groups]
    kinds = [Identity, Platt, Isotonic]
    sums = [0.0] * len(kinds)
    for fold in range(5):
        inside, outside = folds != fold, folds == fold
        for index, kind in enumerate(kinds):
            sums[index] += losses(kind(margins[inside], labels[inside]).at(margins[outside]), labels[outside]).sum()
    return kinds[int(np.argmin(sums))](margins, labels)


def threshold_of(probabilities, labels):
    """The one with the highest F1."""
    order = np.argsort(-probabilities, kind="stable")
    hits = np.cumsum(labels[order], dtype=np.float64)
    ends = np.r_[np.flatnonzero(np.diff(probabilities[order])), len(order) - 1]
    f1 = 2 * hits[ends] / (ends + 1 + labels.sum())
    return probabilities[order[ends[np.argmax(f1)]]]


def metrics(probabilities, labels, threshold):
    from sklearn.metrics import average_precision_score, roc_auc_score

    order = np.argsort(probabilities, kind="stable")
    gaps = [abs((probabilities[group] - labels[group]).sum()) for group in np.array_split(order, 20)]
    predicted = probabilities >= threshold
    hits = float(labels[predicted].sum())
    both = 0 < labels.sum() < len(labels)
    return {
        "rows": len(labels), "auc": roc_auc_score(labels, probabilities) if both else None,
        "pr_auc": average_precision_score(labels, probabilities) if both else None,
        "log_loss": losses(probabilities, labels).mean(), "brier": ((probabilities - labels) ** 2).mean(), "ece": sum(gaps) / len(labels),
        "bias": (probabilities - labels).mean(), "base_rate": labels.mean(), "precision": hits / max(predicted.sum(), 1),
        "recall": hits / max(labels.sum(), 1), "f1": 2 * hits / max(predicted.sum() + labels.sum(), 1),
    }  # fmt: skip


def segments(rows, x, probabilities, labels, threshold):
    figures = {}
    for name in ("channel", "provider", "recipient_country", "template_type", "previous_attempts"):
        values = np.nan_to_num(x[:, rows.names.index(name)], nan=-1)
        if name == "previous_attempts":
            values = np.minimum(values, 4)
        figures[name] = {
            str(int(value)): metrics(probabilities[values == value], labels[values == value], threshold) for value in np.unique(values)
        }
    return figures


# Commands


def train(arguments):
    import sklearn  # noqa: F401
    import sklearn.isotonic
    import sklearn.linear_model
    import sklearn.metrics
    import xgboost

    run = json.loads(pathlib.Path(arguments.manifest).read_text())["training"]
    rows = Rows(arguments.data)
    fit = Fit(rows, run, arguments.patience)
    stage("boosting")
    booster = fit.boost()
    stage("comparing")
    prior = float(np.log(fit.rate / (1 - fit.rate)))
    forest = fit.forest()
    parts = ("calibration", "test")
    margins = {
        "model": {part: fit.margins(booster, part) for part in parts},
        "prior": {part: np.full(len(fit.y[part]), prior) for part in parts},
        "logistic_regression": fit.logistic_regression(),
        "random_forest": {part: fit.margins(forest, part) for part in parts},
    }
    stage("calibrating")
    calibrations, probabilities = {}, {}
    for name, of in margins.items():
        calibrations[name] = calibrate(of["calibration"], fit.y["calibration"], fit.groups["calibration"], fit.seed)
        probabilities[name] = {part: calibrations[name].at(of[part]) for part in parts}
    stage("evaluating")
    threshold = threshold_of(probabilities["model"]["calibration"], fit.y["calibration"])
    figures = {name: metrics(of["test"], fit.y["test"], threshold) for name, of in probabilities.items()}
    by_segment = segments(rows, fit.x["test"], probabilities["model"]["test"], fit.y["test"], threshold)
    stage("finishing")
    folder = pathlib.Path(arguments.folder)
    folder.mkdir(parents=True, exist_ok=True)
    booster.feature_names = rows.names
    booster.save_model(folder / "model.ubj")
    calibration = calibrations["model"]
    manifest = {
        "library": f"xgboost {xgboost.__version__}", "trees": booster.num_boosted_rounds(), "validation_log_loss": fit.loss,
        "data": {"sha256": rows.sha256, "rows": len(rows.labels)}, "features": rows.names, "vocabularies": rows.vocabularies,
        "threshold": threshold, "calibration": {"kind": calibration.name},
        "periods": {part: {"rows": len(fit.y[part]), "rate": fit.y[part].mean()} for part in PARTS},
        "metrics": figures["model"], "baselines": {name: of for name, of in figures.items() if name != "model"}, "segments": by_segment,
    }  # fmt: skip
    if calibration.name == "isotonic":
        manifest["calibration"] |= {"margins": calibration.model.X_thresholds_, "probabilities": calibration.model.y_thresholds_}
    elif calibration.name == "platt":
        manifest["calibration"] |= {"slope": calibration.slope, "intercept": calibration.intercept}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1, default=lambda value: value.tolist()))


def compare(arguments):
    """Prints the number of differing values and the largest difference relative to the value, of all columns and of each that differs."""
    theirs = pd.read_csv(arguments.rows)
    rows = Rows(arguments.data)
    ours = rows.features[rows.of(arguments.part)]
    names = list(theirs.columns[:-2])
    if names != rows.names:
        sys.exit(f"columns differ: {sorted(set(names) ^ set(rows.names))}")
    if len(ours) != len(theirs):
        sys.exit(f"{len(ours)} rows, not {len(theirs)}")
    if (rows.labels[rows.of(arguments.part)] != theirs["label"].to_numpy()).any():
        sys.exit("labels differ")
    columns = {}
    for index, name in enumerate(names):
        left, right = ours[:, index].astype(np.float64), theirs[name].to_numpy(np.float64)
        both = ~np.isnan(left) & ~np.isnan(right)
        difference = np.abs(left - right)[both] / np.maximum(np.abs(right[both]), 1e-3)
        columns[name] = {
            "largest": float(difference.max(initial=0)),
            "differing": int((difference > arguments.tolerance).sum() + (np.isnan(left) != np.isnan(right)).sum()),
        }
    print(json.dumps({
        "rows": len(ours), "columns": len(names), "differing": sum(column["differing"] for column in columns.values()),
        "largest": max(column["largest"] for column in columns.values()),
        "worst": {name: column for name, column in columns.items() if column["differing"]},
    }))  # fmt: skip


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("train")
    command.add_argument("data")
    command.add_argument("folder")
    command.add_argument("manifest")
    command.add_argument("patience", type=int)
    command.set_defaults(run=train)
    command = commands.add_parser("compare")
    command.add_argument("data")
    command.add_argument("rows")
    command.add_argument("part", choices=PARTS)
    command.add_argument("--tolerance", type=float, default=1e-5)
    command.set_defaults(run=compare)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
