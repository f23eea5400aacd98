/** The room that figures will take, so that nothing jumps when they come. */
export function Skeleton({ lines = 1, height }: { lines?: number; height?: number }) {
  return (
    <div className="skeleton" role="status" aria-label="Loading" aria-busy>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} style={height === undefined ? { width: `${100 - ((index * 17) % 40)}%` } : { height }} />
      ))}
    </div>
  );
}
