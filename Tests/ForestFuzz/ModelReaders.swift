// Built by scripts/fuzz together with the sources of Forest, as one module.

/// One input of libFuzzer: a model file that is either refused or scored by all paths alike.
///
/// What begins like a LightGBM model is read as one, all else as XGBoost's.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzModelReaders(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let forest = try? bytes.starts(with: "tree".utf8) ? Forest(lightGBM: bytes) : Forest(xgboost: bytes) else { return 0 }
    // Wide rows would cost the time of many inputs.
    guard forest.featureCount <= 256 else { return 0 }
    let values: [Float] = [0, .nan, 0.5, -1, 1, .infinity, -.infinity, 1e-40, 3, -0.0, 33]
    let rows = (0..<5 * forest.featureCount).map { values[($0 + $0 / forest.featureCount) % values.count] }
    let expected = margins(forest, rows, .reference, .rows)
    for margin in expected where !margin.isFinite { fatalError("a margin is \(margin)") }
    for path in ForestPath.allCases where path.isSupported && path != .reference {
        for batching in [ForestBatching.rows, .blocks] {
            let found = margins(forest, rows, path, batching)
            if !zip(found, expected).allSatisfy({ $0.bitPattern == $1.bitPattern }) {
                fatalError("\(path), \(batching): \(found) instead of \(expected)")
            }
        }
    }
    for method in ForestExplainer.Method.allCases {
        let explainer = ForestExplainer(forest, method: method)
        let contributions = explainer.contributions(to: rows.span.extracting(0..<forest.featureCount))
        let size = contributions.reduce(abs(explainer.base)) { $0 + abs($1) }
        guard size.isFinite else { fatalError("\(explainer.method): \(contributions) from \(explainer.base) on") }
        let sum = contributions.reduce(explainer.base, +)
        if abs(sum - expected[0]) > 1e-4 * max(1, size) { fatalError("\(explainer.method) explains \(sum), not \(expected[0])") }
    }
    return 0
}

private func margins(_ forest: Forest, _ rows: [Float], _ path: ForestPath, _ batching: ForestBatching) -> [Double] {
    var margins = [Double](repeating: 0, count: 5)
    var output = margins.mutableSpan
    forest.margins(of: rows.span, into: &output, path: path, batching: batching)
    return margins
}
