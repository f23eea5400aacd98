internal import Store

extension LabelRule {
    /// Throws where a time is out of its range.
    func validate() throws(TrainingError) {
        guard (1000...2_592_000_000).contains(maturityMilliseconds) else {
            throw TrainingError(.configuration, "the maturity window is \(maturityMilliseconds) ms, but must be from 1 s to 30 days")
        }
        guard (1000...3_600_000).contains(toleranceMilliseconds) else {
            throw TrainingError(.configuration, "the attempt tolerance is \(toleranceMilliseconds) ms, but must be from 1 s to 1 h")
        }
    }
}
