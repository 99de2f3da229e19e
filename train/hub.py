"""A finished model pushed to the Hugging Face hub, in the layout that its users look for."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError, LocalTokenNotFoundError

from avowal.train.export import export


@dataclass(slots=True)
class HubRepository:
    """A repository of the hub that a run will write to."""

    repo_id: str
    private: bool | None
    api: HfApi

    @classmethod
    def taken_from(cls, fields: dict[str, Any]) -> Self | None:
        """The repository that a config names; None without `push_to_hub`.

        The fields that say so are taken out of `fields`: the Trainer would push checkpoints and a
        card of its own, and a token must not be written beside the model.
        """
        wanted = fields.pop("push_to_hub", False)
        repo_id = fields.pop("hub_model_id", None)
        private = fields.pop("hub_private_repo", None)
        token = fields.pop("hub_token", None)
        if not wanted:
            return None
        return cls(repo_id or Path(str(fields["output_dir"])).name, private, HfApi(token=token))

    def open(self) -> None:
        """Make the repository where there is none, before hours are spent on what goes into it.

        Raises:
            RuntimeError: where the hub does not let this user write there.
        """
        try:
            made = self.api.create_repo(self.repo_id, private=self.private, exist_ok=True)
        except (HfHubHTTPError, LocalTokenNotFoundError, OSError) as error:
            reason = (str(error).strip() or repr(error)).splitlines()[0]
            raise RuntimeError(
                f"the hub does not open the repository {self.repo_id!r} ({reason}): log in with "
                "`hf auth login`, and name a repository of yours with --hub_model_id"
            ) from error
        self.repo_id = made.repo_id

    def push(self, model: Path) -> str:
        """Export the trained model `model` and push it: card, safetensors and ONNX in one commit.

        Returns:
            The address of the commit.
        """
        with tempfile.TemporaryDirectory() as scratch:
            folder = export(model, Path(scratch) / model.name)
            commit = self.api.upload_folder(
                repo_id=self.repo_id, folder_path=folder, commit_message=f"Add {model.name}"
            )
        return str(commit.commit_url)
