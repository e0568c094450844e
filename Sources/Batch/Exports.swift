// `import Batch` is all that a user of batches needs.
@_exported public import Sluice
