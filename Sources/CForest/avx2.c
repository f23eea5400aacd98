// The AVX2 functions: the same planes and sums as AVX-512, 256 rows at a time.
#include "CForest.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#define TARGET __attribute__((target("avx2,popcnt")))
#define INLINE TARGET static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

enum { PLANE = 64, HALF = 32 };

typedef unsigned long long half_plane __attribute__((vector_size(32), may_alias));

INLINE half_plane load(const uint8_t *plane) { return *(const half_plane *)plane; }
INLINE void store(uint8_t *plane, half_plane value) { *(half_plane *)plane = value; }
INLINE half_plane mux(half_plane select, half_plane left, half_plane right) { return (select & left) | (~select & right); }
INLINE half_plane operand(const uint8_t *planes, size_t operand) { return load(planes + operand * 8); }

// ---- Ranks ----------------------------------------------------------------------------------------------------------

/// How many of sixteen thresholds are <= x; a missing value is beyond none.
INLINE unsigned count16(__m256 x, const float *thresholds) {
  const __m256 low = _mm256_cmp_ps(x, _mm256_loadu_ps(thresholds), _CMP_GE_OQ);
  const __m256 high = _mm256_cmp_ps(x, _mm256_loadu_ps(thresholds + 8), _CMP_GE_OQ);
  const __m256i both = _mm256_packs_epi32(_mm256_castps_si256(low), _mm256_castps_si256(high));
  return (unsigned)__builtin_popcount((unsigned)_mm256_movemask_epi8(both)) / 2;
}

TARGET void cforest_avx2_bin(const float *rows, size_t stride, size_t row_count, const cforest_column *columns,
                             size_t column_count, const float *tables, uint8_t *ranks) {
  // 32 rows at a time: few enough for the nearest cache, whatever the number of columns.
  for (size_t start = 0; start < row_count; start += 32) {
    const size_t count = row_count - start < 32 ? row_count - start : 32;
    for (size_t i = 0; i < column_count; i++) {
      const float *values = rows + start * stride + columns[i].feature;
      const float *sorted = tables + columns[i].sorted;
      const int levels = (int)columns[i].levels;
      _Alignas(32) uint8_t bytes[32] = {0};
      uint32_t counts = 0;
      for (size_t row = 0; row < count; row++) {
        const float value = values[row * stride];
        const __m256 x = _mm256_set1_ps(value);
        unsigned rank = count16(x, sorted);
        if (levels > 4) rank = 16 * rank + count16(x, sorted + 16 + 16 * rank);
        bytes[row] = (uint8_t)rank;
        counts |= (uint32_t)(value == value) << row;
      }
      uint8_t *out = ranks + (size_t)columns[i].slot * CFOREST_COLUMN_PLANES * PLANE + start / 8;
      __m256i rest = _mm256_load_si256((const __m256i *)bytes);
      // The most significant bit of each byte is what the mask takes.
      for (int bit = 7; bit >= 0; bit--) {
        const uint32_t mask = (uint32_t)_mm256_movemask_epi8(rest);
        if (bit < levels) memcpy(out + bit * PLANE, &mask, sizeof mask);
        rest = _mm256_add_epi8(rest, rest);
      }
      memcpy(out + 8 * PLANE, &counts, sizeof counts);
    }
  }
}

// ---- Planes ---------------------------------------------------------------------------------------------------------

/// One half of the planes of a run; `planes_4` in avx512-lanes.h has the method.
INLINE void run_planes(const uint8_t *rank, const int levels, const cforest_run *run, const uint8_t *conditions,
                       uint8_t *compare, uint8_t *planes) {
  uint8_t *at_most = compare, *less = compare + 16 * HALF, *equal = compare + 32 * HALF;
  const half_plane zeros = {0}, ones = ~zeros;
  half_plane bit[8];
  for (int i = 0; i < 8; i++) bit[i] = i < levels ? load(rank + i * PLANE) : zeros;
  const half_plane counts = run->missing_left ? ones : load(rank + 8 * PLANE);
  half_plane low[16];
  low[0] = ~bit[0];
  low[1] = ones;
  UNROLL for (int i = 1; i < 4; i++) {
    UNROLL for (int k = (1 << i) - 1; k >= 0; k--) {
      low[k + (1 << i)] = ~bit[i] | low[k];
      low[k] = ~bit[i] & low[k];
    }
  }
  UNROLL for (int k = 0; k < 16; k++) store(at_most + k * HALF, low[k]);
  half_plane below = zeros;
  for (int k = 0; k < (levels > 4 ? 1 << (levels - 4) : 1); k++) {
    half_plane same = counts;
    for (int i = 0; i < 4; i++) same &= k >> i & 1 ? bit[4 + i] : ~bit[4 + i];
    store(less + k * HALF, below);
    store(equal + k * HALF, same);
    below |= same;
  }
  for (size_t i = 0; i < run->count; i++) {
    const size_t low_place = conditions[2 * i] * 4, high_place = conditions[2 * i + 1] * 4;
    store(planes + i * PLANE, load(less + high_place) | (load(equal + high_place) & load(at_most + low_place)));
  }
}

TARGET void cforest_avx2_planes(const uint8_t *ranks, const cforest_column *columns, const cforest_run *runs,
                                size_t run_count, const uint8_t *conditions, uint8_t *compare, uint8_t *planes) {
  for (size_t r = 0; r < run_count; r++) {
    const uint8_t *rank = ranks + (size_t)runs[r].column * CFOREST_COLUMN_PLANES * PLANE;
    const int levels = (int)columns[runs[r].column].levels;
    run_planes(rank, levels, runs + r, conditions, compare, planes);
    run_planes(rank + HALF, levels, runs + r, conditions, compare, planes + HALF);
    conditions += 2 * (size_t)runs[r].count;
    planes += runs[r].count * PLANE;
  }
}

// ---- Leaf codes -----------------------------------------------------------------------------------------------------

/// `x` with each 8 x 8 bits of a quadword transposed.
INLINE __m256i transpose_bits(__m256i x) {
#define SWAP(shift, mask)                                                                                                  \
  {                                                                                                                       \
    const __m256i t = _mm256_and_si256(_mm256_xor_si256(x, _mm256_srli_epi64(x, shift)), _mm256_set1_epi64x(mask));       \
    x = _mm256_xor_si256(x, _mm256_xor_si256(t, _mm256_slli_epi64(t, shift)));                                            \
  }
  SWAP(7, 0x00AA00AA00AA00AA)
  SWAP(14, 0x0000CCCC0000CCCC)
  SWAP(28, 0x00000000F0F0F0F0)
#undef SWAP
  return x;
}

/// Planes of 256 rows to one byte a row; plane 0 is the least significant bit.
INLINE void transpose(const half_plane *bits, uint8_t *codes) {
  __m256i w[8], d[8];
  UNROLL for (int i = 0; i < 4; i++) {
    w[i] = _mm256_unpacklo_epi8((__m256i)bits[2 * i], (__m256i)bits[2 * i + 1]);
    w[4 + i] = _mm256_unpackhi_epi8((__m256i)bits[2 * i], (__m256i)bits[2 * i + 1]);
  }
  UNROLL for (int i = 0; i < 2; i++) {
    d[4 * i] = _mm256_unpacklo_epi16(w[4 * i], w[4 * i + 1]);
    d[4 * i + 1] = _mm256_unpacklo_epi16(w[4 * i + 2], w[4 * i + 3]);
    d[4 * i + 2] = _mm256_unpackhi_epi16(w[4 * i], w[4 * i + 1]);
    d[4 * i + 3] = _mm256_unpackhi_epi16(w[4 * i + 2], w[4 * i + 3]);
  }
  UNROLL for (int i = 0; i < 4; i++) {
    const __m256i low = _mm256_unpacklo_epi32(d[2 * i], d[2 * i + 1]);
    const __m256i high = _mm256_unpackhi_epi32(d[2 * i], d[2 * i + 1]);
    _mm256_store_si256((__m256i *)(codes + 64 * i), transpose_bits(low));
    _mm256_store_si256((__m256i *)(codes + 64 * i + 32), transpose_bits(high));
  }
}

/// The leaf codes of a complete tree for one half of the rows; `levels_4` in avx512-lanes.h has the method.
INLINE void level_codes(const uint8_t *planes, const int depth, const uint16_t *nodes, uint8_t *codes) {
  half_plane path[6], bits[8] = {0};
  path[0] = operand(planes, nodes[0]);
  UNROLL for (int level = 1; level < depth; level++) {
    const uint16_t *here = nodes + (1 << level) - 1;
    half_plane rest[16];
    int width = 1 << (level - 1);
    UNROLL for (int i = 0; i < width; i++) {
      rest[i] = mux(path[0], operand(planes, here[i]), operand(planes, here[i + width]));
    }
    UNROLL for (int step = 1; step < level; step++) {
      width /= 2;
      UNROLL for (int i = 0; i < width; i++) rest[i] = mux(path[step], rest[i], rest[i + width]);
    }
    path[level] = rest[0];
  }
  UNROLL for (int level = 0; level < depth; level++) bits[depth - 1 - level] = path[level];
  transpose(bits, codes);
}

INLINE void operate(uint8_t *planes, const cforest_operation *operations, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const cforest_operation operation = operations[i];
    store(planes + (size_t)operation.result * 8,
          mux(operand(planes, operation.select), operand(planes, operation.left), operand(planes, operation.right)));
  }
}

TARGET void cforest_avx2_operate(uint8_t *planes, const cforest_operation *operations, size_t count) {
  operate(planes, operations, count);
  operate(planes + HALF, operations, count);
}

INLINE void program_codes(uint8_t *planes, const cforest_program *program, const cforest_operation *operations, uint8_t *codes) {
  operate(planes, operations + program->first, program->count);
  half_plane bits[8];
  for (size_t i = 0; i < 8; i++) bits[i] = i < program->bit_count ? operand(planes, program->bits[i]) : (half_plane){0};
  transpose(bits, codes);
}

// ---- Leaves ---------------------------------------------------------------------------------------------------------

/// One byte of the leaves of 32 rows, from the first 16 * `sixteens` bytes of a table.
INLINE __m256i look_up(const uint8_t *table, const int sixteens, const __m256i *places) {
  __m256i found = _mm256_setzero_si256();
  UNROLL for (int i = 0; i < sixteens; i++) {
    const __m256i sixteen = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(table + 16 * i)));
    found = _mm256_or_si256(found, _mm256_shuffle_epi8(sixteen, places[i]));
  }
  return found;
}

/// Where the codes are in each sixteen of a table: what is elsewhere has its top bit set, for which a shuffle yields 0.
INLINE void places_of(__m256i codes, const int sixteens, __m256i *places) {
  UNROLL for (int i = 0; i < sixteens; i++) {
    places[i] = _mm256_adds_epu8(_mm256_xor_si256(codes, _mm256_set1_epi8((char)(16 * i))), _mm256_set1_epi8(0x70));
  }
}

/// Adds the leaves of 256 rows; `size` is the number of codes of the table.
INLINE void add_f32(const uint8_t *codes, const uint8_t *leaves, const int size, const int sixteens, float *sums) {
  for (size_t i = 0; i < 8; i++) {
    __m256i places[16], b[4];
    places_of(_mm256_load_si256((const __m256i *)(codes + 32 * i)), sixteens, places);
    UNROLL for (int byte = 0; byte < 4; byte++) b[byte] = look_up(leaves + size * byte, sixteens, places);
    const __m256i low0 = _mm256_unpacklo_epi8(b[0], b[1]), low1 = _mm256_unpacklo_epi8(b[2], b[3]);
    const __m256i high0 = _mm256_unpackhi_epi8(b[0], b[1]), high1 = _mm256_unpackhi_epi8(b[2], b[3]);
    const __m256i values[4] = {_mm256_unpacklo_epi16(low0, low1), _mm256_unpackhi_epi16(low0, low1),
                               _mm256_unpacklo_epi16(high0, high1), _mm256_unpackhi_epi16(high0, high1)};
    float *out = sums + 32 * i;
    UNROLL for (int m = 0; m < 4; m++) {
      _mm256_store_ps(out + 8 * m, _mm256_add_ps(_mm256_load_ps(out + 8 * m), _mm256_castsi256_ps(values[m])));
    }
  }
}

INLINE void add_f64(const uint8_t *codes, const uint8_t *leaves, const int size, const int sixteens, double *sums) {
  for (size_t i = 0; i < 8; i++) {
    __m256i places[16], b[8];
    places_of(_mm256_load_si256((const __m256i *)(codes + 32 * i)), sixteens, places);
    UNROLL for (int byte = 0; byte < 8; byte++) b[byte] = look_up(leaves + size * byte, sixteens, places);
    UNROLL for (int half = 0; half < 2; half++) {
      __m256i pairs[4];
      UNROLL for (int k = 0; k < 4; k++) {
        pairs[k] = half == 0 ? _mm256_unpacklo_epi8(b[2 * k], b[2 * k + 1]) : _mm256_unpackhi_epi8(b[2 * k], b[2 * k + 1]);
      }
      UNROLL for (int quarter = 0; quarter < 2; quarter++) {
        const __m256i front = quarter == 0 ? _mm256_unpacklo_epi16(pairs[0], pairs[1]) : _mm256_unpackhi_epi16(pairs[0], pairs[1]);
        const __m256i back = quarter == 0 ? _mm256_unpacklo_epi16(pairs[2], pairs[3]) : _mm256_unpackhi_epi16(pairs[2], pairs[3]);
        double *out = sums + 32 * i + 16 * half + 8 * quarter;
        const __m256d low = _mm256_castsi256_pd(_mm256_unpacklo_epi32(front, back));
        const __m256d high = _mm256_castsi256_pd(_mm256_unpackhi_epi32(front, back));
        _mm256_store_pd(out, _mm256_add_pd(_mm256_load_pd(out), low));
        _mm256_store_pd(out + 4, _mm256_add_pd(_mm256_load_pd(out + 4), high));
      }
    }
  }
}

// ---- Trees ----------------------------------------------------------------------------------------------------------

#define LEVELS(depth, add, width)                                                                                         \
  for (size_t tree = 0; tree < tree_count; tree++) {                                                                      \
    for (size_t half = 0; half < halves; half++) {                                                                        \
      level_codes(planes + half * HALF, depth, nodes + tree * ((1u << depth) - 1), codes);                                \
      add(codes, leaves + tree * 64 * width, 64, depth <= 4 ? 1 : depth == 5 ? 2 : 4, sums + half * 256);                 \
    }                                                                                                                     \
  }                                                                                                                       \
  break;

#define LEVELS_FUNCTION(suffix, type, width)                                                                              \
  TARGET void cforest_avx2_levels_##suffix(const uint8_t *planes, size_t row_count, size_t depth, const uint16_t *nodes,  \
                                           const uint8_t *leaves, size_t tree_count, type *sums) {                        \
    _Alignas(32) uint8_t codes[256];                                                                                      \
    const size_t halves = (row_count + 255) / 256;                                                                        \
    switch (depth) {                                                                                                      \
    case 1: LEVELS(1, add_##suffix, width)                                                                                \
    case 2: LEVELS(2, add_##suffix, width)                                                                                \
    case 3: LEVELS(3, add_##suffix, width)                                                                                \
    case 4: LEVELS(4, add_##suffix, width)                                                                                \
    case 5: LEVELS(5, add_##suffix, width)                                                                                \
    default: LEVELS(6, add_##suffix, width)                                                                               \
    }                                                                                                                     \
  }

LEVELS_FUNCTION(f32, float, 4)
LEVELS_FUNCTION(f64, double, 8)

#define PROGRAMS_FUNCTION(suffix, type)                                                                                   \
  TARGET void cforest_avx2_programs_##suffix(uint8_t *planes, size_t row_count, const cforest_program *programs,          \
                                             size_t program_count, const cforest_operation *operations,                   \
                                             const uint8_t *leaves, type *sums) {                                         \
    _Alignas(32) uint8_t codes[256];                                                                                      \
    const size_t halves = (row_count + 255) / 256;                                                                        \
    for (size_t i = 0; i < program_count; i++) {                                                                          \
      for (size_t half = 0; half < halves; half++) {                                                                      \
        const uint8_t *table = leaves + programs[i].leaves;                                                               \
        program_codes(planes + half * HALF, programs + i, operations, codes);                                             \
        switch (programs[i].codes) {                                                                                      \
        case 64: add_##suffix(codes, table, 64, 4, sums + half * 256); break;                                                 \
        case 128: add_##suffix(codes, table, 128, 8, sums + half * 256); break;                                                \
        default: add_##suffix(codes, table, 256, 16, sums + half * 256); break;                                                \
        }                                                                                                                 \
      }                                                                                                                   \
    }                                                                                                                     \
  }

PROGRAMS_FUNCTION(f32, float)
PROGRAMS_FUNCTION(f64, double)

#endif
