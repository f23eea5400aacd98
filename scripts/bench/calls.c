// Calls an engine's C interface again and again and says how long that took: what Python adds to a call is left out.
//
// Built by scripts/bench/peers, used by scripts/bench/peer.py, which passes the functions' addresses.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/// Scores `count` row-major rows; 0 where that worked.
typedef int (*score_fn)(void *engine, const float *rows, uint64_t count, uint64_t columns, float *margins);

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/// Nanoseconds for `calls` calls, after one that is not timed; -1 where one fails.
int64_t time_calls(score_fn score, void *engine, const float *rows, uint64_t count, uint64_t columns, uint64_t calls, float *margins) {
  if (score(engine, rows, count, columns, margins) != 0) return -1;
  const int64_t start = now();
  for (uint64_t i = 1; i <= calls; i++) {
    if (score(engine, rows + i * count * columns, count, columns, margins) != 0) return -1;
  }
  return now() - start;
}

// ---- XGBoost --------------------------------------------------------------------------------------------------------

typedef struct {
  int (*predict)(void *, const char *, const char *, void *, const uint64_t **, uint64_t *, const float **);
  void *booster;
} xgboost_engine;

int score_xgboost(void *engine, const float *rows, uint64_t count, uint64_t columns, float *margins) {
  const xgboost_engine *e = engine;
  char array[160];
  snprintf(array, sizeof array, "{\"data\":[%llu,true],\"shape\":[%llu,%llu],\"typestr\":\"<f4\",\"version\":3}",
           (unsigned long long)(uintptr_t)rows, (unsigned long long)count, (unsigned long long)columns);
  static const char request[] = "{\"type\":1,\"training\":false,\"iteration_begin\":0,\"iteration_end\":0,"
                                "\"strict_shape\":false,\"missing\":NaN}";
  const uint64_t *shape;
  uint64_t dimensions;
  const float *result;
  const int code = e->predict(e->booster, array, request, NULL, &shape, &dimensions, &result);
  if (code == 0) memcpy(margins, result, count * sizeof *margins);
  return code;
}

// ---- LightGBM -------------------------------------------------------------------------------------------------------

typedef struct {
  int (*predict)(void *, const void *, int, int32_t, int32_t, int, int, int, int, const char *, int64_t *, double *);
  int (*predict_row)(void *, const void *, int64_t *, double *);
  void *booster;
  /// Made for single rows of 32-bit floats.
  void *fast;
  double margins[4096];
} lightgbm_engine;

int score_lightgbm(void *engine, const float *rows, uint64_t count, uint64_t columns, float *margins) {
  lightgbm_engine *e = engine;
  int64_t length;
  enum { FLOATS = 0, ROW_MAJOR = 1, MARGINS = 1 };
  const int code = count == 1 ? e->predict_row(e->fast, rows, &length, e->margins)
                              : e->predict(e->booster, rows, FLOATS, (int32_t)count, (int32_t)columns, ROW_MAJOR, MARGINS, 0, -1,
                                           "num_threads=1", &length, e->margins);
  for (uint64_t i = 0; i < count; i++) margins[i] = (float)e->margins[i];
  return code;
}

// ---- Treelite -------------------------------------------------------------------------------------------------------

typedef struct {
  int (*predict)(void *, const void *, const char *, uint64_t, void *, void *);
  void *model;
  void *configuration;
} treelite_engine;

int score_treelite(void *engine, const float *rows, uint64_t count, uint64_t columns, float *margins) {
  (void)columns;
  const treelite_engine *e = engine;
  return e->predict(e->model, rows, "float32", count, margins, e->configuration);
}

// ---- TL2cgen: the compiled library's own function -------------------------------------------------------------------

typedef union {
  int missing;
  float value;
} tl2cgen_entry;

typedef struct {
  void (*predict)(tl2cgen_entry *, int, float *);
} tl2cgen_engine;

int score_tl2cgen(void *engine, const float *rows, uint64_t count, uint64_t columns, float *margins) {
  const tl2cgen_engine *e = engine;
  tl2cgen_entry row[1024];
  if (columns > 1024) return -1;
  for (uint64_t i = 0; i < count; i++) {
    for (uint64_t k = 0; k < columns; k++) {
      const float value = rows[i * columns + k];
      if (isnan(value)) {
        row[k].missing = -1;
      } else {
        row[k].value = value;
      }
    }
    margins[i] = 0;
    e->predict(row, 1, margins + i);
  }
  return 0;
}

// ---- ONNX Runtime: its interface is a table of functions whose order never changes ----------------------------------

enum {
  ORT_CREATE_ENV = 3,
  ORT_CREATE_SESSION = 7,
  ORT_RUN = 9,
  ORT_CREATE_SESSION_OPTIONS = 10,
  ORT_SET_INTRA_OP_THREADS = 24,
  ORT_SET_INTER_OP_THREADS = 25,
  ORT_CREATE_TENSOR_WITH_DATA = 49,
  ORT_CREATE_CPU_MEMORY_INFO = 69,
  ORT_RELEASE_VALUE = 96,
};

typedef void *status;

typedef struct {
  const void *(*get_api)(uint32_t);
  const char *(*version)(void);
} onnx_base;

typedef struct {
  void **api;
  void *session;
  void *memory;
  const char *input;
  const char *output;
} onnx_engine;

onnx_engine *make_onnxruntime(const onnx_base *(*get_base)(void), const char *path, const char *input, const char *output) {
  void **api = (void **)get_base()->get_api(14);
  void *environment, *options, *session, *memory;
  if (api == NULL || ((status(*)(int, const char *, void **))api[ORT_CREATE_ENV])(3, "bench", &environment) != NULL ||
      ((status(*)(void **))api[ORT_CREATE_SESSION_OPTIONS])(&options) != NULL ||
      ((status(*)(void *, int))api[ORT_SET_INTRA_OP_THREADS])(options, 1) != NULL ||
      ((status(*)(void *, int))api[ORT_SET_INTER_OP_THREADS])(options, 1) != NULL ||
      ((status(*)(void *, const char *, void *, void **))api[ORT_CREATE_SESSION])(environment, path, options, &session) != NULL ||
      ((status(*)(int, int, void **))api[ORT_CREATE_CPU_MEMORY_INFO])(1, 0, &memory) != NULL) {
    return NULL;
  }
  onnx_engine *engine = malloc(sizeof *engine);
  if (engine != NULL) *engine = (onnx_engine){api, session, memory, strdup(input), strdup(output)};
  return engine;
}

int score_onnxruntime(void *engine, const float *rows, uint64_t count, uint64_t columns, float *margins) {
  const onnx_engine *e = engine;
  enum { FLOATS = 1 };
  typedef status (*make_tensor)(void *, void *, size_t, const int64_t *, size_t, int, void **);
  typedef status (*run)(void *, void *, const char *const *, void *const *, size_t, const char *const *, size_t, void **);
  const make_tensor tensor = (make_tensor)e->api[ORT_CREATE_TENSOR_WITH_DATA];
  void *input = NULL, *output = NULL;
  const int64_t shape[] = {(int64_t)count, (int64_t)columns}, shape_out[] = {(int64_t)count, 1};
  if (tensor(e->memory, (void *)rows, count * columns * sizeof *rows, shape, 2, FLOATS, &input) != NULL) return -1;
  if (tensor(e->memory, margins, count * sizeof *margins, shape_out, 2, FLOATS, &output) != NULL) return -1;
  const status failure =
      ((run)e->api[ORT_RUN])(e->session, NULL, &e->input, (void *const *)&input, 1, &e->output, 1, &output);
  ((void (*)(void *))e->api[ORT_RELEASE_VALUE])(input);
  ((void (*)(void *))e->api[ORT_RELEASE_VALUE])(output);
  return failure == NULL ? 0 : -1;
}
