// Up to 64 actions of one job, by AVX-512: eight trees stand side by side, one word of 64 rows each.
#include "CForest.h"

#if defined(__x86_64__)
#include "avx512.h"

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
