import Foundation
import SystemPackage
import TestSupport

extension TemporaryFolder {
    func path(_ name: String) -> FilePath { FilePath(file(name).path) }
}
