// The ranks of values among the thresholds, by AVX-512: of blocks, of jobs and of one row.
#include "CForest.h"

#if defined(__x86_64__)
#include "avx512.h"

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

#endif
