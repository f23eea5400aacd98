// The vector functions of the forest engine that Swift cannot express: one set for AVX-512, one for AVX2.
//
// Everything here works on one block of at most 512 rows, one bit a row: a "plane" is a run of 128 * lanes bits. The
// structures are the ones of `ForestPlan` in Swift, whose portable path computes the same planes and the same sums.
// The caller vouches for every index and size.
#ifndef CFOREST_H
#define CFOREST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  /// Rows of a block.
  CFOREST_BLOCK_ROWS = 512,
  /// Thresholds of a column: the largest rank fits a byte.
  CFOREST_COLUMN_THRESHOLDS = 255,
  /// Planes a column's ranks take: eight bits, least significant first, and "not missing".
  CFOREST_COLUMN_PLANES = 9,
  /// Floats between two features of the transposed block; not a power of two, so that features do not share cache sets.
  CFOREST_TRANSPOSED_STRIDE = 528,
  /// Floats that cforest_*_bin needs to transpose.
  CFOREST_TRANSPOSED_FLOATS = 16 * CFOREST_TRANSPOSED_STRIDE,
  /// How far planes are apart in `uint16_t` operands: the operand of plane i is 8 * i, so that addressing scales it.
  CFOREST_OPERAND_STEP = 8,
  /// Bytes of planes that cforest_*_planes needs for one column.
  CFOREST_COMPARE_BYTES = 48 * 64,
};

/// Up to 255 distinct thresholds of one feature. The rank of a value is the number of thresholds <= value.
typedef struct {
  /// Index in the row.
  uint32_t feature;
  /// Where its ranks go: its index among all columns.
  uint32_t slot;
  /// Steps of the search: 2^levels > number of thresholds. 1 to 8.
  uint32_t levels;
  /// Index of the search tree in the tables: 2^levels floats, at least 16; the root is element 1, the children of i are
  /// 2 i and 2 i + 1; NaN where there is no threshold.
  uint32_t tree;
  /// Index of the sorted thresholds in the tables: up to four levels: 16 floats. More: 16 floats, the last threshold of
  /// each sixteen, then the thresholds in sixteens. NaN where there is no threshold.
  uint32_t sorted;
} cforest_column;

/// Planes of one column that follow each other: one for each of its conditions `value < threshold`, that is, rank <= index of
/// the threshold. A condition is two bytes, in the array that goes with the runs: 8 * (index % 16), 8 * (index / 16).
typedef struct {
  uint32_t column;
  /// Number of conditions.
  uint32_t count;
  /// Whether a missing value meets the conditions.
  uint32_t missing_left;
} cforest_run;

/// A tree as a list of operations `d = s ? a : b` on planes.
typedef struct {
  /// Index of its first operation, and their number.
  uint32_t first, count;
  /// Where its leaf table starts, split into bytes and whole, and its number of leaf codes: 64, 128 or 256.
  uint32_t leaves, values, codes;
  /// The planes of the leaf code's bits, least significant first.
  uint16_t bits[8];
  uint32_t bit_count;
} cforest_program;

typedef struct {
  uint16_t select, left, right, result;
} cforest_operation;

/// Trees that the single-row path takes at once, one a lane.
typedef struct {
  /// Index of the group's nodes: for each of the 2^depth - 1 positions 64 columns, then 64 limits.
  uint32_t nodes;
  uint32_t depth;
} cforest_group;

// ---- The machine ----------------------------------------------------------------------------------------------------

bool cforest_has_avx512(void);
bool cforest_has_avx2(void);

/// This thread's scratch memory, at least `bytes` long, aligned to 64 bytes; kept from call to call until the thread ends.
///
/// NULL if there is no memory. What it held is lost when it grows.
void *_Nullable cforest_scratch(size_t bytes);

/// What only x86-64 has. Elsewhere it is there, so that callers need no conditions, and never called.
#if defined(__x86_64__)
#define CFOREST_X86(...) __VA_ARGS__;
#else
#define CFOREST_X86(...)                                                                                                  \
  static inline __VA_ARGS__ { __builtin_trap(); }
#endif

// ---- AVX-512 (F, BW, VL, VBMI, GFNI) --------------------------------------------------------------------------------

/// Ranks of the columns of `row_count` rows, as planes: CFOREST_COLUMN_PLANES for each slot. `columns` ascend by feature.
CFOREST_X86(void cforest_avx512_bin(const float *_Nonnull rows, size_t stride, size_t row_count, const cforest_column *_Nonnull columns,
                        size_t column_count, const float *_Nonnull tables, float *_Nonnull transposed, size_t lanes,
                        uint8_t *_Nonnull ranks))

/// Gives the ranks of each job to its rows. `jobs` says for each row how many jobs after the first of its 64 rows its job
/// comes, less than 64; `first_jobs` says which job is that first. Reads up to 16 bytes after the ranks of the jobs.
CFOREST_X86(void cforest_avx512_expand(const uint8_t *_Nonnull job_ranks, size_t job_lanes, const cforest_column *_Nonnull columns,
                           size_t column_count, const uint8_t *_Nonnull jobs, const uint16_t *_Nonnull first_jobs,
                           size_t row_count, size_t lanes, uint8_t *_Nonnull ranks))

/// The planes of all runs, one after the other.
CFOREST_X86(void cforest_avx512_planes(const uint8_t *_Nonnull ranks, const cforest_column *_Nonnull columns, size_t lanes,
                           const cforest_run *_Nonnull runs, size_t run_count, const uint8_t *_Nonnull conditions,
                           uint8_t *_Nonnull compare, uint8_t *_Nonnull planes))

/// Carries out operations on planes.
CFOREST_X86(void cforest_avx512_operate(uint8_t *_Nonnull planes, size_t lanes, const cforest_operation *_Nonnull operations, size_t count))

/// Adds complete trees of one depth (1 to 6) to the sums: 2^depth - 1 operands a tree, level by level, and a leaf table of
/// 64 codes, byte by byte of the leaves; the code has a 1 where the path goes left.
CFOREST_X86(void cforest_avx512_levels_f32(const uint8_t *_Nonnull planes, size_t lanes, size_t depth, const uint16_t *_Nonnull nodes,
                               const uint8_t *_Nonnull leaves, size_t tree_count, float *_Nonnull sums))
CFOREST_X86(void cforest_avx512_levels_f64(const uint8_t *_Nonnull planes, size_t lanes, size_t depth, const uint16_t *_Nonnull nodes,
                               const uint8_t *_Nonnull leaves, size_t tree_count, double *_Nonnull sums))

/// The same for trees as programs.
CFOREST_X86(void cforest_avx512_programs_f32(uint8_t *_Nonnull planes, size_t lanes, const cforest_program *_Nonnull programs,
                                 size_t program_count, const cforest_operation *_Nonnull operations,
                                 const uint8_t *_Nonnull leaves, float *_Nonnull sums))
CFOREST_X86(void cforest_avx512_programs_f64(uint8_t *_Nonnull planes, size_t lanes, const cforest_program *_Nonnull programs,
                                 size_t program_count, const cforest_operation *_Nonnull operations,
                                 const uint8_t *_Nonnull leaves, double *_Nonnull sums))

/// Ranks of one row, two bytes a slot: missing = 0 (meets every condition), and missing = 255 (meets none).
CFOREST_X86(void cforest_avx512_bin_row(const float *_Nonnull row, const cforest_column *_Nonnull columns, size_t column_count,
                            const float *_Nonnull tables, uint8_t *_Nonnull ranks))

/// Leaf codes of one row in all trees of the groups, 64 a group. `ranks` has 256 readable bytes.
CFOREST_X86(void cforest_avx512_codes(const uint8_t *_Nonnull ranks, size_t rank_count, const cforest_group *_Nonnull groups,
                          size_t group_count, const uint8_t *_Nonnull nodes, uint8_t *_Nonnull codes))

/// Copies the first 64 rows of planes of one lane, by operand.
CFOREST_X86(void cforest_gather_words(const uint8_t *_Nonnull planes, const uint16_t *_Nonnull operands, size_t count,
                          uint64_t *_Nonnull words))

/// Adds all trees of the groups to the sums of up to 64 rows, which have the ranks `ranks` but where conditions vary.
///
/// `varying` has, for each eight trees of a group and each position: in the low 8 bits the trees whose condition varies, above
/// them where their words start in `words`, which has 8 readable words after the last. Leaf tables as for levels.
CFOREST_X86(void cforest_avx512_actions_f32(const uint8_t *_Nonnull ranks, size_t rank_count, const cforest_group *_Nonnull groups,
                                size_t tree_count, const uint8_t *_Nonnull nodes, const uint32_t *_Nonnull varying,
                                const uint64_t *_Nonnull words, const uint8_t *_Nonnull leaves, float *_Nonnull sums))
CFOREST_X86(void cforest_avx512_actions_f64(const uint8_t *_Nonnull ranks, size_t rank_count, const cforest_group *_Nonnull groups,
                                size_t tree_count, const uint8_t *_Nonnull nodes, const uint32_t *_Nonnull varying,
                                const uint64_t *_Nonnull words, const uint8_t *_Nonnull leaves, double *_Nonnull sums))

// ---- AVX2 -----------------------------------------------------------------------------------------------------------

/// As above; always four lanes.
CFOREST_X86(void cforest_avx2_bin(const float *_Nonnull rows, size_t stride, size_t row_count, const cforest_column *_Nonnull columns,
                      size_t column_count, const float *_Nonnull tables, uint8_t *_Nonnull ranks))
CFOREST_X86(void cforest_avx2_planes(const uint8_t *_Nonnull ranks, const cforest_column *_Nonnull columns,
                         const cforest_run *_Nonnull runs, size_t run_count, const uint8_t *_Nonnull conditions,
                         uint8_t *_Nonnull compare, uint8_t *_Nonnull planes))
CFOREST_X86(void cforest_avx2_operate(uint8_t *_Nonnull planes, const cforest_operation *_Nonnull operations, size_t count))
CFOREST_X86(void cforest_avx2_levels_f32(const uint8_t *_Nonnull planes, size_t row_count, size_t depth, const uint16_t *_Nonnull nodes,
                             const uint8_t *_Nonnull leaves, size_t tree_count, float *_Nonnull sums))
CFOREST_X86(void cforest_avx2_levels_f64(const uint8_t *_Nonnull planes, size_t row_count, size_t depth, const uint16_t *_Nonnull nodes,
                             const uint8_t *_Nonnull leaves, size_t tree_count, double *_Nonnull sums))
CFOREST_X86(void cforest_avx2_programs_f32(uint8_t *_Nonnull planes, size_t row_count, const cforest_program *_Nonnull programs,
                               size_t program_count, const cforest_operation *_Nonnull operations,
                               const uint8_t *_Nonnull leaves, float *_Nonnull sums))
CFOREST_X86(void cforest_avx2_programs_f64(uint8_t *_Nonnull planes, size_t row_count, const cforest_program *_Nonnull programs,
                               size_t program_count, const cforest_operation *_Nonnull operations,
                               const uint8_t *_Nonnull leaves, double *_Nonnull sums))

#ifdef __cplusplus
}
#endif
#endif
