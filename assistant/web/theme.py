"""The look that Gradio's own parts get: system fonts, square and calm, the colours of style.css."""

from __future__ import annotations

import gradio as gr

FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
MONO = ("ui-monospace", "Consolas", "monospace")


def theme() -> gr.themes.Base:
    """The theme; every colour comes from a token in style.css, so that both modes follow it."""
    return gr.themes.Base(
        font=FONTS, font_mono=MONO, radius_size=gr.themes.sizes.radius_sm, text_size=gr.themes.sizes.text_lg
    ).set(
        body_background_fill="var(--papier)",
        body_background_fill_dark="var(--papier)",
        body_text_color="var(--inkt)",
        body_text_color_dark="var(--inkt)",
        body_text_color_subdued="var(--inkt-zacht)",
        body_text_color_subdued_dark="var(--inkt-zacht)",
        background_fill_primary="var(--papier)",
        background_fill_primary_dark="var(--papier)",
        background_fill_secondary="var(--papier)",
        background_fill_secondary_dark="var(--papier)",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        block_label_text_color="var(--inkt)",
        block_label_text_color_dark="var(--inkt)",
        block_title_text_color="var(--inkt)",
        block_title_text_color_dark="var(--inkt)",
        block_info_text_color="var(--inkt-zacht)",
        block_info_text_color_dark="var(--inkt-zacht)",
        border_color_primary="var(--lijn)",
        border_color_primary_dark="var(--lijn)",
        border_color_accent="var(--accent)",
        border_color_accent_dark="var(--accent)",
        color_accent="var(--accent)",
        color_accent_soft="var(--zacht)",
        color_accent_soft_dark="var(--zacht)",
        input_background_fill="var(--veld)",
        input_background_fill_dark="var(--veld)",
        input_border_width="1px",
        button_large_text_size="1rem",
        button_large_text_weight="600",
        button_medium_text_size="1rem",
        button_medium_text_weight="400",
        input_border_color="var(--rand)",
        input_border_color_dark="var(--rand)",
        input_border_color_focus="var(--accent)",
        input_border_color_focus_dark="var(--accent)",
        input_placeholder_color="var(--inkt-zacht)",
        input_placeholder_color_dark="var(--inkt-zacht)",
        button_primary_background_fill="var(--accent)",
        button_primary_background_fill_dark="var(--accent)",
        button_primary_background_fill_hover="var(--accent-donker)",
        button_primary_background_fill_hover_dark="var(--accent-donker)",
        button_primary_text_color="var(--papier)",
        button_primary_text_color_dark="var(--papier)",
        button_secondary_background_fill="var(--zacht)",
        button_secondary_background_fill_dark="var(--zacht)",
        button_secondary_background_fill_hover="var(--veld)",
        button_secondary_background_fill_hover_dark="var(--veld)",
        button_secondary_text_color="var(--inkt)",
        button_secondary_text_color_dark="var(--inkt)",
        link_text_color="var(--accent)",
        link_text_color_dark="var(--accent)",
    )
