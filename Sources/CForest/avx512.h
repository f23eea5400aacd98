// What the AVX-512 files share. No file is built with -m flags: each function names its target, and is called only where
// cforest_has_avx512() says so.
#ifndef CFOREST_AVX512_H
#define CFOREST_AVX512_H

#include <immintrin.h>
#include <stdint.h>
#include <string.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,gfni,popcnt")))
#define INLINE TARGET static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

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

#endif
