// Blocks of rows, by AVX-512: the planes of conditions, and trees over all rows at once.
#include "CForest.h"

#if defined(__x86_64__)
#include "avx512.h"

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

#endif
