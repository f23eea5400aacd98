// The AVX-512 functions. No file is built with -m flags: each function names its target, and is called only where
// cforest_has_avx512() says so.
#include "CForest.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,gfni,popcnt")))
#define INLINE TARGET static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

// ---- Ranks ----------------------------------------------------------------------------------------------------------

/// Sixteen rows of sixteen features to sixteen features of sixteen rows.
INLINE void transpose16(__m512 *x) {
  __m512 t[16];
  UNROLL for (int i = 0; i < 16; i += 4) {
    __m512 a = _mm512_unpacklo_ps(x[i], x[i + 1]), b = _mm512_unpackhi_ps(x[i], x[i + 1]);
    __m512 c = _mm512_unpacklo_ps(x[i + 2], x[i + 3]), d = _mm512_unpackhi_ps(x[i + 2], x[i + 3]);
    t[i] = _mm512_castpd_ps(_mm512_unpacklo_pd(_mm512_castps_pd(a), _mm512_castps_pd(c)));
    t[i + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(_mm512_castps_pd(a), _mm512_castps_pd(c)));
    t[i + 2] = _mm512_castpd_ps(_mm512_unpacklo_pd(_mm512_castps_pd(b), _mm512_castps_pd(d)));
    t[i + 3] = _mm512_castpd_ps(_mm512_unpackhi_pd(_mm512_castps_pd(b), _mm512_castps_pd(d)));
  }
  UNROLL for (int i = 0; i < 4; i++) {
    __m512 a = _mm512_shuffle_f32x4(t[i], t[i + 4], 0x88), b = _mm512_shuffle_f32x4(t[i], t[i + 4], 0xDD);
    __m512 c = _mm512_shuffle_f32x4(t[i + 8], t[i + 12], 0x88), d = _mm512_shuffle_f32x4(t[i + 8], t[i + 12], 0xDD);
    x[i] = _mm512_shuffle_f32x4(a, c, 0x88);
    x[i + 4] = _mm512_shuffle_f32x4(b, d, 0x88);
    x[i + 8] = _mm512_shuffle_f32x4(a, c, 0xDD);
    x[i + 12] = _mm512_shuffle_f32x4(b, d, 0xDD);
  }
}

/// Up to sixteen features of all rows, transposed; zeros after the last row, up to a multiple of 64 rows.
INLINE void transpose_features(const float *rows, size_t stride, size_t feature_count, size_t row_count, float *transposed) {
  const __mmask16 mask = (__mmask16)((1u << feature_count) - 1);
  for (size_t row = 0; row < row_count; row += 16) {
    __m512 x[16];
    const float *first = rows + row * stride;
    if (row + 16 <= row_count) {
      UNROLL for (size_t i = 0; i < 16; i++) x[i] = _mm512_maskz_loadu_ps(mask, first + i * stride);
    } else {
      for (size_t i = 0; i < 16; i++) {
        x[i] = row + i < row_count ? _mm512_maskz_loadu_ps(mask, first + i * stride) : _mm512_setzero_ps();
      }
    }
    transpose16(x);
    UNROLL for (size_t i = 0; i < 16; i++) _mm512_store_ps(transposed + i * CFOREST_TRANSPOSED_STRIDE + row, x[i]);
  }
  for (size_t row = (row_count + 15) / 16 * 16; row < (row_count + 63) / 64 * 64; row += 16) {
    for (size_t i = 0; i < 16; i++) _mm512_store_ps(transposed + i * CFOREST_TRANSPOSED_STRIDE + row, _mm512_setzero_ps());
  }
}

/// The thresholds at the places `heap` of one level of the search tree, which lies in registers.
INLINE __m512 tree_level(const __m512 *tree, int level, __m512i heap) {
  if (level <= 3) return _mm512_permutexvar_ps(heap, tree[0]);
  if (level == 4) return _mm512_permutexvar_ps(heap, tree[1]);
  if (level == 5) return _mm512_permutex2var_ps(tree[2], heap, tree[3]);
  const __mmask16 second = _mm512_test_epi32_mask(heap, _mm512_set1_epi32(32));
  if (level == 6) {
    return _mm512_mask_blend_ps(
        second, _mm512_permutex2var_ps(tree[4], heap, tree[5]), _mm512_permutex2var_ps(tree[6], heap, tree[7]));
  }
  const __mmask16 upper = _mm512_test_epi32_mask(heap, _mm512_set1_epi32(64));
  const __m512 low = _mm512_mask_blend_ps(
      second, _mm512_permutex2var_ps(tree[8], heap, tree[9]), _mm512_permutex2var_ps(tree[10], heap, tree[11]));
  const __m512 high = _mm512_mask_blend_ps(
      second, _mm512_permutex2var_ps(tree[12], heap, tree[13]), _mm512_permutex2var_ps(tree[14], heap, tree[15]));
  return _mm512_mask_blend_ps(upper, low, high);
}

/// A search in registers; the outcome of each step is a bit of the rank, the most significant first.
INLINE void search(const float *values, size_t row_count, const float *table, const int levels, size_t plane, uint8_t *ranks) {
  __m512 tree[16];
  UNROLL for (int i = 0; i < (levels <= 4 ? 1 : 1 << (levels - 4)); i++) tree[i] = _mm512_loadu_ps(table + 16 * i);
  const __m512i one = _mm512_set1_epi32(1);
  for (size_t row = 0; row < row_count; row += 64) {
    __m512 x[4];
    __m512i heap[4];
    uint8_t *out = ranks + row / 8;
    UNROLL for (int i = 0; i < 4; i++) {
      x[i] = _mm512_load_ps(values + row + 16 * i);
      heap[i] = one;
    }
    UNROLL for (int level = 0; level < levels; level++) {
      UNROLL for (int i = 0; i < 4; i++) {
        // A missing value is beyond no threshold: its rank is 0.
        const __mmask16 beyond = _mm512_cmp_ps_mask(x[i], tree_level(tree, level, heap[i]), _CMP_GE_OQ);
        heap[i] = _mm512_add_epi32(heap[i], heap[i]);
        heap[i] = _mm512_mask_add_epi32(heap[i], beyond, heap[i], one);
        _store_mask16((__mmask16 *)(out + (size_t)(levels - 1 - level) * plane + 2 * i), beyond);
      }
    }
    UNROLL for (int i = 0; i < 4; i++) {
      _store_mask16((__mmask16 *)(out + 8 * plane + 2 * i), _mm512_cmp_ps_mask(x[i], x[i], _CMP_ORD_Q));
    }
  }
}

TARGET void cforest_avx512_bin(const float *rows, size_t stride, size_t row_count, const cforest_column *columns,
                               size_t column_count, const float *tables, float *transposed, size_t lanes, uint8_t *ranks) {
  const size_t plane = 16 * lanes;
  for (size_t i = 0; i < column_count;) {
    const size_t first = columns[i].feature / 16 * 16;
    transpose_features(rows + first, stride, stride - first < 16 ? stride - first : 16, row_count, transposed);
    for (; i < column_count && columns[i].feature < first + 16; i++) {
      const float *values = transposed + (columns[i].feature - first) * CFOREST_TRANSPOSED_STRIDE;
      const float *table = tables + columns[i].tree;
      uint8_t *out = ranks + (size_t)columns[i].slot * CFOREST_COLUMN_PLANES * plane;
      switch (columns[i].levels) {
      case 1: search(values, row_count, table, 1, plane, out); break;
      case 2: search(values, row_count, table, 2, plane, out); break;
      case 3: search(values, row_count, table, 3, plane, out); break;
      case 4: search(values, row_count, table, 4, plane, out); break;
      case 5: search(values, row_count, table, 5, plane, out); break;
      case 6: search(values, row_count, table, 6, plane, out); break;
      case 7: search(values, row_count, table, 7, plane, out); break;
      default: search(values, row_count, table, 8, plane, out); break;
      }
    }
  }
}

/// The bits of a plane from `bit` on; reads up to 16 bytes from there.
INLINE uint64_t bits_from(const uint8_t *plane, size_t bit) {
  uint64_t low, high;
  memcpy(&low, plane + bit / 8, sizeof low);
  memcpy(&high, plane + bit / 8 + 8, sizeof high);
  return bit % 8 == 0 ? low : low >> (bit % 8) | high << (64 - bit % 8);
}

TARGET void cforest_avx512_expand(const uint8_t *job_ranks, size_t job_lanes, const cforest_column *columns, size_t column_count,
                                  const uint8_t *jobs, const uint16_t *first_jobs, size_t row_count, size_t lanes,
                                  uint8_t *ranks) {
  for (size_t i = 0; i < column_count; i++) {
    const size_t slot = (size_t)columns[i].slot * CFOREST_COLUMN_PLANES;
    for (size_t k = 0; k < CFOREST_COLUMN_PLANES; k++) {
      if (k >= columns[i].levels && k < CFOREST_COLUMN_PLANES - 1) continue;
      const uint8_t *from = job_ranks + (slot + k) * 16 * job_lanes;
      uint8_t *to = ranks + (slot + k) * 16 * lanes;
      for (size_t row = 0; row < row_count; row += 64) {
        const __m512i bytes = _mm512_maskz_set1_epi8((__mmask64)bits_from(from, first_jobs[row / 64]), -1);
        const __mmask64 bits = _mm512_movepi8_mask(_mm512_permutexvar_epi8(_mm512_loadu_si512(jobs + row), bytes));
        _store_mask64((__mmask64 *)(to + row / 8), bits);
      }
    }
  }
}

// ---- Planes and paths, for vectors of 128, 256 and 512 rows ----------------------------------------------------------

#define LANES 1
#include "avx512-lanes.h"
#undef LANES
#define LANES 2
#include "avx512-lanes.h"
#undef LANES
#define LANES 4
#include "avx512-lanes.h"
#undef LANES

TARGET void cforest_avx512_planes(const uint8_t *ranks, const cforest_column *columns, size_t lanes, const cforest_run *runs,
                                  size_t run_count, const uint8_t *conditions, uint8_t *compare, uint8_t *planes) {
  switch (lanes) {
  case 1: planes_1(ranks, columns, runs, run_count, conditions, compare, planes); break;
  case 2: planes_2(ranks, columns, runs, run_count, conditions, compare, planes); break;
  default: planes_4(ranks, columns, runs, run_count, conditions, compare, planes); break;
  }
}

TARGET void cforest_avx512_operate(uint8_t *planes, size_t lanes, const cforest_operation *operations, size_t count) {
  switch (lanes) {
  case 1: operate_1(planes, operations, count); break;
  case 2: operate_2(planes, operations, count); break;
  default: operate_4(planes, operations, count); break;
  }
}

// ---- Leaves ---------------------------------------------------------------------------------------------------------

/// One byte of the leaves of 64 rows: a table of 64, 128 or 256 bytes in 1, 2 or 4 registers.
INLINE __m512i look_up(const __m512i *table, const int registers, __m512i codes) {
  if (registers == 1) return _mm512_permutexvar_epi8(codes, table[0]);
  const __m512i low = _mm512_permutex2var_epi8(table[0], codes, table[1]);
  if (registers == 2) return low;
  return _mm512_mask_blend_epi8(_mm512_movepi8_mask(codes), low, _mm512_permutex2var_epi8(table[2], codes, table[3]));
}

/// Adds the leaves of 64 * `count` rows, in the order in which unpacking yields them.
INLINE void add_f32(const uint8_t *codes, size_t count, const uint8_t *leaves, const int registers, float *sums) {
  __m512i table[4][4];
  UNROLL for (int byte = 0; byte < 4; byte++) {
    UNROLL for (int i = 0; i < registers; i++) table[byte][i] = _mm512_loadu_si512(leaves + 64 * (byte * registers + i));
  }
  for (size_t i = 0; i < count; i++) {
    const __m512i code = _mm512_load_si512(codes + 64 * i);
    __m512i b[4];
    UNROLL for (int byte = 0; byte < 4; byte++) b[byte] = look_up(table[byte], registers, code);
    const __m512i pairs[4] = {_mm512_unpacklo_epi8(b[0], b[1]), _mm512_unpacklo_epi8(b[2], b[3]),
                              _mm512_unpackhi_epi8(b[0], b[1]), _mm512_unpackhi_epi8(b[2], b[3])};
    float *out = sums + 64 * i;
    UNROLL for (int half = 0; half < 2; half++) {
      const __m512i low = _mm512_unpacklo_epi16(pairs[2 * half], pairs[2 * half + 1]);
      const __m512i high = _mm512_unpackhi_epi16(pairs[2 * half], pairs[2 * half + 1]);
      _mm512_store_ps(out + 32 * half, _mm512_add_ps(_mm512_load_ps(out + 32 * half), _mm512_castsi512_ps(low)));
      _mm512_store_ps(out + 32 * half + 16, _mm512_add_ps(_mm512_load_ps(out + 32 * half + 16), _mm512_castsi512_ps(high)));
    }
  }
}

INLINE void add_f64(const uint8_t *codes, size_t count, const uint8_t *leaves, const int registers, double *sums) {
  for (size_t i = 0; i < count; i++) {
    const __m512i code = _mm512_load_si512(codes + 64 * i);
    __m512i b[8];
    UNROLL for (int byte = 0; byte < 8; byte++) {
      __m512i table[4];
      UNROLL for (int k = 0; k < registers; k++) table[k] = _mm512_loadu_si512(leaves + 64 * (byte * registers + k));
      b[byte] = look_up(table, registers, code);
    }
    double *out = sums + 64 * i;
    UNROLL for (int half = 0; half < 2; half++) {
      __m512i pairs[4];
      UNROLL for (int k = 0; k < 4; k++) {
        pairs[k] = half == 0 ? _mm512_unpacklo_epi8(b[2 * k], b[2 * k + 1]) : _mm512_unpackhi_epi8(b[2 * k], b[2 * k + 1]);
      }
      UNROLL for (int quarter = 0; quarter < 2; quarter++) {
        const __m512i front = quarter == 0 ? _mm512_unpacklo_epi16(pairs[0], pairs[1]) : _mm512_unpackhi_epi16(pairs[0], pairs[1]);
        const __m512i back = quarter == 0 ? _mm512_unpacklo_epi16(pairs[2], pairs[3]) : _mm512_unpackhi_epi16(pairs[2], pairs[3]);
        double *target = out + 32 * half + 16 * quarter;
        const __m512d low = _mm512_castsi512_pd(_mm512_unpacklo_epi32(front, back));
        const __m512d high = _mm512_castsi512_pd(_mm512_unpackhi_epi32(front, back));
        _mm512_store_pd(target, _mm512_add_pd(_mm512_load_pd(target), low));
        _mm512_store_pd(target + 8, _mm512_add_pd(_mm512_load_pd(target + 8), high));
      }
    }
  }
}

// ---- Trees ----------------------------------------------------------------------------------------------------------

#define LEVELS(lanes, depth, add, width)                                                                                  \
  for (size_t tree = 0; tree < tree_count; tree++) {                                                                      \
    levels_##lanes(planes, depth, nodes + tree * ((1u << depth) - 1), codes);                                             \
    add(codes, 2 * lanes, leaves + tree * 64 * width, 1, sums);                                                           \
  }                                                                                                                       \
  break;

#define LEVELS_OF(lanes, add, width)                                                                                      \
  switch (depth) {                                                                                                        \
  case 1: LEVELS(lanes, 1, add, width)                                                                                    \
  case 2: LEVELS(lanes, 2, add, width)                                                                                    \
  case 3: LEVELS(lanes, 3, add, width)                                                                                    \
  case 4: LEVELS(lanes, 4, add, width)                                                                                    \
  case 5: LEVELS(lanes, 5, add, width)                                                                                    \
  default: LEVELS(lanes, 6, add, width)                                                                                   \
  }

#define LEVELS_FUNCTION(suffix, type, width)                                                                              \
  TARGET void cforest_avx512_levels_##suffix(const uint8_t *planes, size_t lanes, size_t depth, const uint16_t *nodes,    \
                                             const uint8_t *leaves, size_t tree_count, type *sums) {                      \
    _Alignas(64) uint8_t codes[512];                                                                                      \
    if (lanes == 1) {                                                                                                     \
      LEVELS_OF(1, add_##suffix, width)                                                                                   \
    } else if (lanes == 2) {                                                                                              \
      LEVELS_OF(2, add_##suffix, width)                                                                                   \
    } else {                                                                                                              \
      LEVELS_OF(4, add_##suffix, width)                                                                                   \
    }                                                                                                                     \
  }

LEVELS_FUNCTION(f32, float, 4)
LEVELS_FUNCTION(f64, double, 8)

INLINE void program_codes(uint8_t *planes, size_t lanes, const cforest_program *program, const cforest_operation *operations,
                          uint8_t *codes) {
  switch (lanes) {
  case 1: program_1(planes, program, operations + program->first, codes); break;
  case 2: program_2(planes, program, operations + program->first, codes); break;
  default: program_4(planes, program, operations + program->first, codes); break;
  }
}

#define PROGRAMS_FUNCTION(suffix, type)                                                                                   \
  TARGET void cforest_avx512_programs_##suffix(uint8_t *planes, size_t lanes, const cforest_program *programs,            \
                                               size_t program_count, const cforest_operation *operations,                 \
                                               const uint8_t *leaves, type *sums) {                                       \
    _Alignas(64) uint8_t codes[512];                                                                                      \
    for (size_t i = 0; i < program_count; i++) {                                                                          \
      program_codes(planes, lanes, programs + i, operations, codes);                                                      \
      const uint8_t *table = leaves + programs[i].leaves;                                                                 \
      switch (programs[i].codes) {                                                                                        \
      case 64: add_##suffix(codes, 2 * lanes, table, 1, sums); break;                                                     \
      case 128: add_##suffix(codes, 2 * lanes, table, 2, sums); break;                                                    \
      default: add_##suffix(codes, 2 * lanes, table, 4, sums); break;                                                     \
      }                                                                                                                   \
    }                                                                                                                     \
  }

PROGRAMS_FUNCTION(f32, float)
PROGRAMS_FUNCTION(f64, double)

// ---- One row --------------------------------------------------------------------------------------------------------

TARGET void cforest_avx512_bin_row(const float *row, const cforest_column *columns, size_t column_count, const float *tables,
                                   uint8_t *ranks) {
  for (size_t i = 0; i < column_count; i++) {
    const float value = row[columns[i].feature];
    const float *sorted = tables + columns[i].sorted;
    const __m512 x = _mm512_set1_ps(value);
    unsigned rank = (unsigned)__builtin_popcount(_mm512_cmp_ps_mask(x, _mm512_loadu_ps(sorted), _CMP_GE_OQ));
    if (columns[i].levels > 4) {
      const __m512 rest = _mm512_loadu_ps(sorted + 16 + 16 * rank);
      rank = 16 * rank + (unsigned)__builtin_popcount(_mm512_cmp_ps_mask(x, rest, _CMP_GE_OQ));
    }
    ranks[2 * columns[i].slot] = (uint8_t)rank;
    ranks[2 * columns[i].slot + 1] = (uint8_t)(value != value ? 255 : rank);
  }
}

/// One byte (column or limit) of the node that each lane's path is at, from the 2^depth nodes of its level.
INLINE __m512i narrow(const uint8_t *level, const int depth, const __mmask64 *left) {
  if (depth == 0) return _mm512_loadu_si512(level);
  __m512i rest[16];
  int width = 1 << (depth - 1);
  UNROLL for (int i = 0; i < width; i++) {
    rest[i] = _mm512_mask_loadu_epi8(_mm512_loadu_si512(level + 128 * (i + width)), left[0], level + 128 * i);
  }
  UNROLL for (int step = 1; step < depth; step++) {
    width /= 2;
    UNROLL for (int i = 0; i < width; i++) rest[i] = _mm512_mask_blend_epi8(left[step], rest[i + width], rest[i]);
  }
  return rest[0];
}

/// The leaf codes of one group; `rank` has the row's ranks in 1, 2 or 4 registers.
INLINE __m512i group_code(const __m512i *rank, const int registers, const int depth, const uint8_t *nodes) {
  __m512i code = _mm512_setzero_si512();
  // Whether the path went left at each level above.
  __mmask64 left[6];
  UNROLL for (int level = 0; level < depth; level++) {
    const uint8_t *here = nodes + 128 * ((1 << level) - 1);
    const __m512i rank_here = look_up(rank, registers, narrow(here, level, left));
    left[level] = _mm512_cmple_epu8_mask(rank_here, narrow(here + 64, level, left));
    code = _mm512_add_epi8(code, code);
    code = _mm512_mask_add_epi8(code, left[level], code, _mm512_set1_epi8(1));
  }
  return code;
}

INLINE void codes_of_groups(const uint8_t *ranks, const int registers, const cforest_group *groups, size_t group_count,
                            const uint8_t *nodes, uint8_t *codes) {
  __m512i rank[4];
  UNROLL for (int i = 0; i < registers; i++) rank[i] = _mm512_loadu_si512(ranks + 64 * i);
  for (size_t g = 0; g < group_count; g++) {
    const uint8_t *here = nodes + groups[g].nodes;
    __m512i code;
    switch (groups[g].depth) {
    case 1: code = group_code(rank, registers, 1, here); break;
    case 2: code = group_code(rank, registers, 2, here); break;
    case 3: code = group_code(rank, registers, 3, here); break;
    case 4: code = group_code(rank, registers, 4, here); break;
    case 5: code = group_code(rank, registers, 5, here); break;
    default: code = group_code(rank, registers, 6, here); break;
    }
    _mm512_storeu_si512(codes + 64 * g, code);
  }
}

TARGET void cforest_avx512_codes(const uint8_t *ranks, size_t rank_count, const cforest_group *groups, size_t group_count,
                                 const uint8_t *nodes, uint8_t *codes) {
  if (rank_count <= 64) {
    codes_of_groups(ranks, 1, groups, group_count, nodes, codes);
  } else if (rank_count <= 128) {
    codes_of_groups(ranks, 2, groups, group_count, nodes, codes);
  } else {
    codes_of_groups(ranks, 4, groups, group_count, nodes, codes);
  }
}

// ---- Up to 64 actions of one job ------------------------------------------------------------------------------------

/// The conditions of eight trees at one position, one word of 64 rows a tree: the same for all rows but where they vary.
INLINE __m512i node_words(const uint64_t *shared, const uint32_t *varying, const uint64_t *words, size_t eight, size_t position) {
  const uint32_t place = varying[position];
  const __m512i same = _mm512_maskz_mov_epi64((__mmask8)(shared[position] >> (8 * eight)), _mm512_set1_epi64(-1));
  return _mm512_mask_expand_epi64(same, (__mmask8)place, _mm512_loadu_si512(words + (place >> 8)));
}

/// The leaf codes of eight trees, 64 rows each; `levels_4` in avx512-lanes.h has the method.
INLINE void action_codes(const uint64_t *shared, const uint32_t *varying, const uint64_t *words, size_t eight, const int depth,
                         uint8_t *codes) {
  plane_4 path[6], bits[8] = {0};
  path[0] = (plane_4)node_words(shared, varying, words, eight, 0);
  UNROLL for (int level = 1; level < depth; level++) {
    const int first = (1 << level) - 1;
    plane_4 rest[16];
    int width = 1 << (level - 1);
    UNROLL for (int i = 0; i < width; i++) {
      rest[i] = mux_4(path[0], (plane_4)node_words(shared, varying, words, eight, (size_t)(first + i)),
                      (plane_4)node_words(shared, varying, words, eight, (size_t)(first + i + width)));
    }
    UNROLL for (int step = 1; step < level; step++) {
      width /= 2;
      UNROLL for (int i = 0; i < width; i++) rest[i] = mux_4(path[step], rest[i], rest[i + width]);
    }
    path[level] = rest[0];
  }
  UNROLL for (int level = 0; level < depth; level++) bits[depth - 1 - level] = path[level];
  _Alignas(64) uint8_t mixed[512];
  transpose_4(bits, mixed);
  // Each lane has the words of two trees: their rows are brought together.
  UNROLL for (int odd = 0; odd < 2; odd++) {
    __m512i q[4];
    UNROLL for (int i = 0; i < 4; i++) q[i] = _mm512_load_si512(mixed + 256 * odd + 64 * i);
    const __m512i a = _mm512_shuffle_i64x2(q[0], q[1], 0x44), b = _mm512_shuffle_i64x2(q[0], q[1], 0xEE);
    const __m512i c = _mm512_shuffle_i64x2(q[2], q[3], 0x44), d = _mm512_shuffle_i64x2(q[2], q[3], 0xEE);
    _mm512_store_si512(codes + 64 * odd, _mm512_shuffle_i64x2(a, c, 0x88));
    _mm512_store_si512(codes + 64 * (2 + odd), _mm512_shuffle_i64x2(a, c, 0xDD));
    _mm512_store_si512(codes + 64 * (4 + odd), _mm512_shuffle_i64x2(b, d, 0x88));
    _mm512_store_si512(codes + 64 * (6 + odd), _mm512_shuffle_i64x2(b, d, 0xDD));
  }
}

/// The outcome of each position's conditions on what the rows share, one bit a tree.
INLINE void shared_outcomes(const uint8_t *ranks, const int registers, const uint8_t *nodes, size_t positions, uint64_t *shared) {
  __m512i rank[4];
  UNROLL for (int i = 0; i < registers; i++) rank[i] = _mm512_loadu_si512(ranks + 64 * i);
  for (size_t i = 0; i < positions; i++) {
    const __m512i value = look_up(rank, registers, _mm512_loadu_si512(nodes + 128 * i));
    shared[i] = _mm512_cmple_epu8_mask(value, _mm512_loadu_si512(nodes + 128 * i + 64));
  }
}

#define ACTIONS_FUNCTION(suffix, type, width)                                                                             \
  TARGET void cforest_avx512_actions_##suffix(const uint8_t *ranks, size_t rank_count, const cforest_group *groups,       \
                                              size_t tree_count, const uint8_t *nodes, const uint32_t *varying,           \
                                              const uint64_t *words, const uint8_t *leaves, type *sums) {                 \
    for (size_t first = 0; first < tree_count; first += 64, groups++) {                                                   \
      const size_t positions = ((size_t)1 << groups->depth) - 1;                                                          \
      uint64_t shared[63];                                                                                                \
      if (rank_count <= 64) {                                                                                             \
        shared_outcomes(ranks, 1, nodes + groups->nodes, positions, shared);                                              \
      } else if (rank_count <= 128) {                                                                                     \
        shared_outcomes(ranks, 2, nodes + groups->nodes, positions, shared);                                              \
      } else {                                                                                                            \
        shared_outcomes(ranks, 4, nodes + groups->nodes, positions, shared);                                              \
      }                                                                                                                   \
      const size_t count = tree_count - first < 64 ? tree_count - first : 64;                                             \
      for (size_t tree = 0; tree < count; tree += 8) {                                                                    \
        _Alignas(64) uint8_t codes[512];                                                                                  \
        switch (groups->depth) {                                                                                          \
        case 1: action_codes(shared, varying, words, tree / 8, 1, codes); break;                                          \
        case 2: action_codes(shared, varying, words, tree / 8, 2, codes); break;                                          \
        case 3: action_codes(shared, varying, words, tree / 8, 3, codes); break;                                          \
        case 4: action_codes(shared, varying, words, tree / 8, 4, codes); break;                                          \
        case 5: action_codes(shared, varying, words, tree / 8, 5, codes); break;                                          \
        default: action_codes(shared, varying, words, tree / 8, 6, codes); break;                                         \
        }                                                                                                                 \
        varying += positions;                                                                                             \
        for (size_t i = 0; i < 8 && tree + i < count; i++, leaves += 64 * width) {                                        \
          add_##suffix(codes + 64 * i, 1, leaves, 1, sums);                                                               \
        }                                                                                                                 \
      }                                                                                                                   \
    }                                                                                                                     \
  }

ACTIONS_FUNCTION(f32, float, 4)
ACTIONS_FUNCTION(f64, double, 8)

void cforest_gather_words(const uint8_t *planes, const uint16_t *operands, size_t count, uint64_t *words) {
  for (size_t i = 0; i < count; i++) memcpy(words + i, planes + 2 * (size_t)operands[i], sizeof *words);
}

#endif
