extension KnownTruths {
    /// The figures as the tables of `data/README.md`, which a test compares with the file to the character.
    package var markdown: String {
        var lines = [
            "| rows | delivered | Bayes AUC | Bayes log loss | Bayes Brier | calibration error of the truth |", "|---|---|---|---|---|---|",
        ]
        for (name, share) in [("all", 1.0), ("last 20 %", 0.2)] {
            let bayes = bayes(last: share)
            let rate = share == 1 ? Self.text(Double(total.delivered) / Double(max(1, total.attempts))) : ""
            lines.append(
                "| \(name) | \(rate) | \(Self.text(bayes.auc)) | \(Self.text(bayes.logLoss)) | \(Self.text(bayes.brier)) "
                    + "| \(Self.text(bayes.calibrationError)) |")
        }
        lines += ["", "| group | attempts | delivered | mean truth |", "|---|---|---|---|"]
        for (title, rates) in [
            ("channel", byChannel), ("provider", byProvider), ("template", byTemplate), ("previous attempts", byAttempt),
        ] {
            for (name, rate) in rates.sorted(by: { $0.key < $1.key }) {
                let count = Double(max(1, rate.attempts))
                lines.append(
                    "| \(title) \(name) | \(rate.attempts) | \(Self.text(Double(rate.delivered) / count)) "
                        + "| \(Self.text(rate.expected / count)) |")
            }
        }
        return lines.joined(separator: "\n")
    }

    /// A number in [0, 10) with four decimals.
    private static func text(_ number: Double) -> String {
        let scaled = Int((number * 10_000).rounded())
        let digits = String(scaled % 10_000)
        return "\(scaled / 10_000)." + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
