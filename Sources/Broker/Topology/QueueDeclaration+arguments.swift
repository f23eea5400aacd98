import CAMQPShim

extension [QueueDeclaration.Argument] {
    /// The arguments as the C shim takes them; valid during `body` only.
    func withArguments<Result>(_ body: (UnsafePointer<camqp_argument>?, Int32) -> Result) -> Result {
        // One block for all strings, so that no pointer outlives its string.
        var bytes: [CChar] = []
        var offsets: [(name: Int, text: Int?)] = []
        func keep(_ text: String) -> Int {
            defer { bytes.append(contentsOf: text.utf8CString) }
            return bytes.count
        }
        for argument in self {
            let name = keep(argument.name)
            if case .text(let text) = argument.value { offsets.append((name, keep(text))) } else { offsets.append((name, nil)) }
        }
        return bytes.withUnsafeBufferPointer { buffer in
            var converted: [camqp_argument] = []
            for (argument, offset) in zip(self, offsets) {
                var item = camqp_argument()
                item.name = buffer.baseAddress.map { $0 + offset.name }
                item.text = offset.text.flatMap { text in buffer.baseAddress.map { $0 + text } }
                if case .number(let number) = argument.value { item.number = number }
                converted.append(item)
            }
            return converted.withUnsafeBufferPointer { body($0.baseAddress, Int32($0.count)) }
        }
    }
}
