internal import Glibc

/// A call of the operating system or of the broker that the tool itself needs failed.
package struct FaultError: Error, CustomStringConvertible {
    package let description: String

    init(doing: String, code: Int32) {
        description = "\(doing): \(String(cString: strerror(code)))"
    }

    package init(_ description: String) {
        self.description = description
    }
}
