import { Button } from "./Button";

/** The end of a dialog that has nothing left to ask. */
export function CloseRow({ onClose }: { onClose: () => void }) {
  return (
    <div className="row row-end">
      <Button kind="primary" onClick={onClose}>
        Close
      </Button>
    </div>
  );
}
