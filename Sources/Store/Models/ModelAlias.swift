/// A name that stands for one version at a time.
package enum ModelAlias: String, Codable, CaseIterable, Sendable {
    /// The version that scorers decide with.
    case champion
    /// The version that is to be compared with the champion.
    case challenger
}
