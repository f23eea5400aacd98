// Included by avx512.h once for each width: LANES lanes of 128 rows.

#define JOIN2(a, b) a##_##b
#define JOIN(a, b) JOIN2(a, b)
#define NAME(a) JOIN(a, LANES)

#if LANES == 1
#define UNPACK(which, a, b) _mm_unpack##which(a, b)
#elif LANES == 2
#define UNPACK(which, a, b) _mm256_unpack##which(a, b)
#else
#define UNPACK(which, a, b) _mm512_unpack##which(a, b)
#endif

typedef unsigned long long NAME(plane) __attribute__((vector_size(16 * LANES), may_alias));
#if LANES == 1
typedef __m128i NAME(vector);
#elif LANES == 2
typedef __m256i NAME(vector);
#else
typedef __m512i NAME(vector);
#endif

INLINE NAME(plane) NAME(load)(const uint8_t *plane) { return *(const NAME(plane) *)plane; }
INLINE void NAME(store)(uint8_t *plane, NAME(plane) value) { *(NAME(plane) *)plane = value; }
/// One ternary operation.
INLINE NAME(plane) NAME(mux)(NAME(plane) select, NAME(plane) left, NAME(plane) right) {
  return (select & left) | (~select & right);
}
INLINE NAME(plane) NAME(operand)(const uint8_t *planes, size_t operand) { return NAME(load)(planes + operand * 2 * LANES); }

/// The planes of `rank <= condition`: the low four bits of the rank compared with each of 16 numbers, the high four with
/// each of 16, and one operation to bring a pair together.
INLINE void NAME(planes)(const uint8_t *ranks, const cforest_column *columns, const cforest_run *runs, size_t run_count,
                         const uint8_t *conditions, uint8_t *compare, uint8_t *planes) {
  enum { PLANE = 16 * LANES };
  uint8_t *at_most = compare, *less = compare + 16 * PLANE, *equal = compare + 32 * PLANE;
  const NAME(plane) zeros = {0}, ones = ~zeros;
  for (size_t r = 0; r < run_count; r++) {
    const uint8_t *rank = ranks + (size_t)runs[r].column * CFOREST_COLUMN_PLANES * PLANE;
    const int levels = (int)columns[runs[r].column].levels;
    NAME(plane) bit[8];
    for (int i = 0; i < 8; i++) bit[i] = i < levels ? NAME(load)(rank + i * PLANE) : zeros;
    const NAME(plane) counts = runs[r].missing_left ? ones : NAME(load)(rank + 8 * PLANE);
    NAME(plane) low[16];
    low[0] = ~bit[0];
    low[1] = ones;
    UNROLL for (int i = 1; i < 4; i++) {
      // With a bit more, a number without it needs the bit absent, and one with it is at least as much if it is.
      UNROLL for (int k = (1 << i) - 1; k >= 0; k--) {
        low[k + (1 << i)] = ~bit[i] | low[k];
        low[k] = ~bit[i] & low[k];
      }
    }
    UNROLL for (int k = 0; k < 16; k++) NAME(store)(at_most + k * PLANE, low[k]);
    NAME(plane) below = zeros;
    for (int k = 0; k < (levels > 4 ? 1 << (levels - 4) : 1); k++) {
      NAME(plane) same = counts;
      UNROLL for (int i = 0; i < 4; i++) same &= k >> i & 1 ? bit[4 + i] : ~bit[4 + i];
      NAME(store)(less + k * PLANE, below);
      NAME(store)(equal + k * PLANE, same);
      below |= same;
    }
    for (size_t i = 0; i < runs[r].count; i++) {
      const size_t low_place = conditions[0], high_place = conditions[1];
      NAME(store)(planes, NAME(operand)(less, high_place) | (NAME(operand)(equal, high_place) & NAME(operand)(at_most, low_place)));
      conditions += 2;
      planes += PLANE;
    }
  }
}

/// Six or eight planes to one byte a row; plane `bits[0]` is the least significant bit.
INLINE void NAME(transpose)(const NAME(plane) *bits, uint8_t *codes) {
  NAME(vector) b[8], w[8], d[8], q[8];
  // The affine transform takes the most significant row first.
  UNROLL for (int i = 0; i < 8; i++) b[7 - i] = (NAME(vector))bits[i];
  UNROLL for (int i = 0; i < 4; i++) {
    w[i] = UNPACK(lo_epi8, b[2 * i], b[2 * i + 1]);
    w[4 + i] = UNPACK(hi_epi8, b[2 * i], b[2 * i + 1]);
  }
  UNROLL for (int i = 0; i < 4; i++) {
    const int from = i < 2 ? 0 : 4, to = 2 * i;
    const int half = i & 1;
    d[to] = half ? UNPACK(hi_epi16, w[from], w[from + 1]) : UNPACK(lo_epi16, w[from], w[from + 1]);
    d[to + 1] = half ? UNPACK(hi_epi16, w[from + 2], w[from + 3]) : UNPACK(lo_epi16, w[from + 2], w[from + 3]);
  }
  UNROLL for (int i = 0; i < 4; i++) {
    q[2 * i] = UNPACK(lo_epi32, d[2 * i], d[2 * i + 1]);
    q[2 * i + 1] = UNPACK(hi_epi32, d[2 * i], d[2 * i + 1]);
  }
  const __m512i unit = _mm512_set1_epi64((long long)0x8040201008040201);
  // Whole registers are stored: a load of what several stores wrote would wait for them.
#if LANES == 1
  UNROLL for (int i = 0; i < 8; i += 4) {
    __m512i four = _mm512_castsi256_si512(_mm256_set_m128i(q[i + 1], q[i]));
    four = _mm512_inserti64x4(four, _mm256_set_m128i(q[i + 3], q[i + 2]), 1);
    _mm512_store_si512(codes + 16 * i, _mm512_gf2p8affine_epi64_epi8(unit, four, 0));
  }
#elif LANES == 2
  UNROLL for (int i = 0; i < 8; i += 2) {
    const __m512i two = _mm512_inserti64x4(_mm512_castsi256_si512(q[i]), q[i + 1], 1);
    _mm512_store_si512(codes + 32 * i, _mm512_gf2p8affine_epi64_epi8(unit, two, 0));
  }
#else
  UNROLL for (int i = 0; i < 8; i++) _mm512_store_si512(codes + 64 * i, _mm512_gf2p8affine_epi64_epi8(unit, q[i], 0));
#endif
}

/// The leaf codes of a complete tree. Each level's plane is narrowed by the path so far, the root's decision first, so that
/// only one operation a level waits for the level above.
INLINE void NAME(levels)(const uint8_t *planes, const int depth, const uint16_t *nodes, uint8_t *codes) {
  NAME(plane) path[6], bits[8] = {0};
  path[0] = NAME(operand)(planes, nodes[0]);
  UNROLL for (int level = 1; level < depth; level++) {
    const uint16_t *here = nodes + (1 << level) - 1;
    NAME(plane) rest[16];
    int width = 1 << (level - 1);
    UNROLL for (int i = 0; i < width; i++) {
      rest[i] = NAME(mux)(path[0], NAME(operand)(planes, here[i]), NAME(operand)(planes, here[i + width]));
    }
    UNROLL for (int step = 1; step < level; step++) {
      width /= 2;
      UNROLL for (int i = 0; i < width; i++) rest[i] = NAME(mux)(path[step], rest[i], rest[i + width]);
    }
    path[level] = rest[0];
  }
  UNROLL for (int level = 0; level < depth; level++) bits[depth - 1 - level] = path[level];
  NAME(transpose)(bits, codes);
}

INLINE void NAME(operate)(uint8_t *planes, const cforest_operation *operations, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const cforest_operation operation = operations[i];
    NAME(store)(planes + (size_t)operation.result * 2 * LANES,
                NAME(mux)(NAME(operand)(planes, operation.select), NAME(operand)(planes, operation.left),
                          NAME(operand)(planes, operation.right)));
  }
}

INLINE void NAME(program)(uint8_t *planes, const cforest_program *program, const cforest_operation *operations, uint8_t *codes) {
  NAME(operate)(planes, operations, program->count);
  NAME(plane) bits[8];
  for (size_t i = 0; i < 8; i++) bits[i] = i < program->bit_count ? NAME(operand)(planes, program->bits[i]) : (NAME(plane)){0};
  NAME(transpose)(bits, codes);
}

#undef UNPACK
#undef NAME
#undef JOIN
#undef JOIN2
