import Foundation
import Sidecar
import Store

extension HeraldConfiguration {
    /// How the sidecar starts `herald train`: this program, with the configuration that a run needs.
    ///
    /// - Parameter file: the configuration file that was named, so that the run reads the same.
    func trainingProgram(file: String?) -> TrainingProgram {
        let store = ["HERALD_REGISTRY_STORE": registryStore.rawValue]
        let server = [
            "HERALD_MONGODB_URL": database.url, "HERALD_MONGODB_DATABASE": database.name,
            "HERALD_MONGODB_RETENTION_DAYS": "\(database.retentionDays)",
        ]
        return TrainingProgram(
            executable: CommandLine.executablePath, modelsFolder: modelsFolder.path, dataFolder: dataFolder,
            configuration: store.merging(server) { $1 }, configurationFile: file)
    }
}
