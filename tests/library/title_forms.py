"""Words and forms that titles of works which look alike are made from."""

from __future__ import annotations

_TOPICS = """Image Segmentation|Speech Recognition|Protein Folding|Traffic Forecasting|Machine Translation|Fraud Detection
|Weather Prediction|Drug Discovery|Code Generation|Recommender Systems|Time Series|Medical Imaging|Graph Learning
|Question Answering|Anomaly Detection|Robot Grasping|Fault Diagnosis|Sentiment Analysis|Remote Sensing|Autonomous Driving
|Energy Markets|Radio Astronomy|Soil Moisture|Materials Science|Federated Learning|Model Compression|Language Models
|Neutrino Emission|Solar Flares|Nuclear Fusion|Sleep Apnoea|Malaria Vaccines|Groundwater Flow|Crop Yields"""
TOPICS = tuple(topic.strip() for topic in _TOPICS.split("|"))
OBJECTS = ("CNNs", "LLMs", "GNNs", "Transformers", "Diffusion Models", "State Space Models", "Vision Transformers",
           "Spiking Networks", "Recurrent Networks", "Mixtures of Experts")  # fmt: skip
METHODS = ("Quantization", "Pruning", "Distillation", "Sparse Attention", "Speculative Decoding", "Low-Rank Adaptation",
           "Contrastive Learning", "Beam Search", "Dropout", "Early Exit", "Curriculum Learning", "Data Augmentation")  # fmt: skip
SWAPPED = (("Language", "Diffusion"), ("Vision", "Speech"), ("Text", "Image"), ("Image", "Video"), ("GPU", "CPU"),
           ("Quantization", "Pruning"), ("Training", "Inference"), ("Large", "Small"), ("Transformers", "CNNs"),
           ("Static", "Dynamic"), ("Weight", "Activation"), ("Visual", "Audio"), ("Parallel", "Sequential"))  # fmt: skip
OPPOSITES = (("Supervised", "Unsupervised"), ("Linear", "Nonlinear"), ("Symmetric", "Asymmetric"), ("Structured", "Unstructured"),
             ("Convex", "Nonconvex"), ("Homogeneous", "Heterogeneous"), ("Online", "Offline"), ("Parametric", "Nonparametric"),
             ("Stationary", "Nonstationary"), ("Commutative", "Noncommutative"), ("Local", "Global"), ("Lossy", "Lossless"))  # fmt: skip
SHORT = (("Adam", "Adan"), ("BERT", "BART"), ("LoRA", "LoHa"), ("Mamba", "Samba"), ("SimCLR", "SimCSE"), ("Attention", "Attentions"),
         ("Memory", "Memories"), ("Quantum Walks", "Quantum Talks"), ("RoBERTa", "DeBERTa"), ("ELMo", "ELMA"), ("Phi", "Chi"),
         ("Deep Sets", "Deep Nets"), ("Hadrons", "Hydrons"), ("Muon", "Gluon"), ("Retrieval", "Reversal"), ("U-Net", "V-Net"))  # fmt: skip
NOBODYS = ("Editorial", "Introduction", "Attention", "Memory", "Preface", "Foreword", "Discussion", "Scaling", "Guest Editorial",
           "Deep Learning", "Conclusion", "Guest Editors' Introduction", "Letter to the Editor", "Concluding Remarks", "Machine Learning")  # fmt: skip
SERIAL = ("Annual Report", "Editorial Board", "From the Editor", "News and Notes", "Book Reviews", "Issue Information", "In This Issue",
          "Message from the Program Chairs", "List of Reviewers", "Calendar of Events", "Abstracts of the Annual Meeting")  # fmt: skip
GREEK = {"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "lambda": "λ", "mu": "μ", "pi": "π",
         "sigma": "σ", "tau": "τ", "phi": "φ", "omega": "ω"}  # fmt: skip
TRANSLATED = (
    ("en", "Methods of Machine Learning for {0}", {"Weather Prediction": "", "Crop Yields": "", "Solar Flares": ""}),
    ("de", "Methoden des maschinellen Lernens für {0}", {"Weather Prediction": "Wettervorhersage", "Crop Yields": "Ernteerträge", "Solar Flares": "Sonneneruptionen"}),
    ("fr", "Méthodes d’apprentissage automatique pour {0}", {"Weather Prediction": "la prévision du temps", "Crop Yields": "le rendement des cultures", "Solar Flares": "les éruptions solaires"}),
    ("es", "Métodos de aprendizaje automático para {0}", {"Weather Prediction": "la predicción del tiempo", "Crop Yields": "el rendimiento de cultivos", "Solar Flares": "las erupciones solares"}),
    ("pt", "Métodos de aprendizado de máquina para {0}", {"Weather Prediction": "a previsão do tempo", "Crop Yields": "o rendimento das culturas", "Solar Flares": "as erupções solares"}),
    ("zh", "面向{0}的机器学习方法", {"Weather Prediction": "天气预报", "Crop Yields": "作物产量", "Solar Flares": "太阳耀斑"}),
)  # fmt: skip

# What titles are made from; `{0}`, `{1}`, ... are filled by the kind.
PARTS = (
    ("{0}: Part {1}", "12345"), ("{0} {1}", ("I", "II", "III", "IV", "V")), ("{0} (Part {1})", ("One", "Two", "Three", "Four", "Five")),
    ("{0}, Part {1}", "ABCDE"), ("{0} – Part {1}", ("I", "II", "III", "IV", "V")), ("{1}. {0}", ("I", "II", "III", "IV", "V")),
    ("{0}. {1}", "12345"), ("{0}, Volume {1}", "12345"), ("Part {1}: {0}", ("I", "II", "III", "IV", "V")),
)  # fmt: skip
VERSIONS = (("", "2"), ("2", "3"), ("-2", "-3"), ("-3", "-4"), (" 1.5", " 15"), (" 1.0", " 2.0"), ("2", "2.5"), ("", " v2"),
            ("-v1", "-v2"), ("", "-2"), (" II", " III"))  # fmt: skip
TURNED = ("{0} Outperforms {1} on {2}", "{0} Beats {1} in {2}", "From {0} to {1} in {2}", "Learning {0} from {1} for {2}",
          "{0} Guided by {1} for {2}", "{0} before {1}", "Why {0} Is Better than {1} for {2}")  # fmt: skip
COMMON = ("Deep Learning for {0}", "A Survey of {0}", "{0}: A Review", "An Introduction to {0}", "Recent Advances in {0}", "{0}",
          "Towards Robust {0}")  # fmt: skip
OWN_NOTICES = ("Erratum to: {0}", "Erratum: {0}", "Corrigendum to “{0}”", "Correction: {0}", "{0} (Erratum)", "Author Correction: {0}",
               "Publisher Correction: {0}", "Addendum to: {0}")  # fmt: skip
REPLIES = ("Reply to “{0}”", "Comment on “{0}”", "A Comment on {0}", "Response to: {0}", "Discussion of “{0}”", "{0}: A Reply",
           "Reply to Comment on “{0}”")  # fmt: skip
RETRACTIONS = ("Retraction notice to “{0}”", "Retraction: {0}", "Retraction Note: {0}", "Notice of Retraction: {0}",
               "Expression of Concern: {0}", "Retraction of “{0}”")  # fmt: skip
COMPANIONS = (("Data for: {0}", "dataset"), ("Supplementary Material for “{0}”", "document"), ("Code for {0}", "software"),
              ("Dataset: {0}", "dataset"), ("Replication Package of {0}", "dataset"))  # fmt: skip
OF_OBJECTS = ("A Survey of {1} for {0}", "{1} for {0}: A Comprehensive Review", "Efficient {1} of {0}", "How Well Does {1} Work for {0}?",
              "Scaling Laws of {0} under {1}")  # fmt: skip
NEGATED = (
    ("{0} Is All You Need", "{0} Is Not All You Need"), ("{0} Is Not What You Need", "{0} Is What You Need"),
    ("{1} Need {0}", "{1} Do Not Need {0}"), ("Why {0} Works for {1}", "Why {0} Never Works for {1}"),
    ("{1} Can Do {0}", "{1} Cannot Do {0}"), ("On the Possibility of {0} in {1}", "On the Impossibility of {0} in {1}"),
    ("{0} with Labels for {1}", "{0} without Labels for {1}"), ("{0} Helps {1}", "{0} Hardly Helps {1}"),
)  # fmt: skip
IN_LANGUAGES = ("Introduction to {1} in {0}", "{1}: An Implementation in {0}", "A {0} Library for {1}", "{0} for {1}", "Fast {1} with {0}",
                "The {0} Programmer's Guide to {1}")  # fmt: skip
YEARLY = ("{0} Report {1}", "Overview of the {0} Shared Task {1}", "Findings of the {1} Challenge on {0}", "The State of {0} in {1}",
          "{0}: Yearbook {1}", "Proceedings of the {2}th Workshop on {0}", "Trends in {0}, {1}–{3}")  # fmt: skip
FOLLOW_UPS = ("{1}", "{1}", "Revisiting {0}", "Improved {0}", "{0}, Revisited", "Scaling {0}", "Beyond {0}", "Towards Faster {0}",
              "{0}: Two Years Later")  # fmt: skip
BOOKS = ("{1}", "{0} for {1}", "Foundations of {1}", "A Handbook of {1}")
NUMBERED = ("{1} with {0} Bits for {2}", "{1} in {0} Steps", "{0}-Shot {2}", "A Top-{0} Solution for {2}", "Case {0}: {2} with {1}",
            "Interleukin-{0} in {2}", "On the H{0}N1 Outbreak and {2}", "The Lithium-{0} Problem of {2}")  # fmt: skip
IN_GREEK = ("{0}-Divergence for {1}", "The {0} Function and {1}", "{0}-Entropy Regularised {1}", "Bounds on {0} in {1}", "{0}-Synuclein and {1}")  # fmt: skip
SUFFIXED = ("{0}{2}: {1}", "{0}{2} for {3}", "{1} with {0}{2}")
SUFFIXES = (("", "+"), ("", "++"), ("", "*"), ("", "$^*$"), ("+", "++"), ("", "$^+$"), ("*", "+"))
