// One row, by AVX-512: 64 trees stand in the lanes.
#include "CForest.h"

#if defined(__x86_64__)
#include "avx512.h"

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

#endif
