internal import CForest

/// This thread's scratch memory, divided from front to back; it is kept from call to call.
@unsafe struct ScratchMemory {
    private var next: UnsafeMutableRawPointer
    private var rest: Int

    /// `nil` where the system has no memory.
    init?(bytes: Int) {
        guard let start = unsafe cforest_scratch(bytes) else { return nil }
        unsafe next = start
        unsafe rest = bytes
    }

    /// Bytes that so many elements take: whole cache lines, so that every division begins with one.
    static func bytes<Element>(_ count: Int, of _: Element.Type) -> Int {
        (count * MemoryLayout<Element>.stride + 63) / 64 * 64
    }

    /// Memory for so many elements, which hold anything.
    mutating func take<Element>(_ count: Int, of type: Element.Type = Element.self) -> UnsafeMutablePointer<Element> {
        let bytes = unsafe Self.bytes(count, of: type)
        let isEnough = unsafe bytes <= rest
        precondition(isEnough, "more scratch memory than was asked for")
        let taken = unsafe next.assumingMemoryBound(to: type)
        unsafe next += bytes
        unsafe rest -= bytes
        return unsafe taken
    }
}
